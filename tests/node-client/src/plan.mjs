// Plans: Automerge documents that begin with the golden start of their kind, edited one change at a time.
import * as Automerge from '@automerge/automerge';
import { MAX_CHANGE_BYTES, PLAIN, changeHash, plainChange } from './chunk.mjs';
import { STARTS } from './starts.mjs';

export { ImmutableString, splice } from '@automerge/automerge';

const MAX_OPERATIONS = 10_000;
const MAX_DEPENDENCIES = 8;

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** The plan of a record from its plain changes, in any order; `actor` edits it on. */
export function openPlan(kind, changes, actor) {
  const [doc] = Automerge.applyChanges(Automerge.init({ actor: hex(actor) }), [STARTS.get(kind), ...changes]);
  return doc;
}

/** One edit: the new document and its change, plain. Nothing changed gives no change. */
export function editPlan(doc, edit) {
  const edited = Automerge.change(doc, { time: 0 }, edit);
  const change = edited === doc ? undefined : plainChange(Automerge.getLastLocalChange(edited));
  if (change) checkChange(change);
  return { doc: edited, change };
}

/** Actor, seq, startOp, deps, ops, … of a plain change whose checksum holds. */
export function readChange(plain) {
  changeHash(plain);
  return Automerge.decodeChange(plain);
}

/** What the county would refuse is never kept to be sent, and never taken from it. */
export function checkChange(plain) {
  if (plain.length > MAX_CHANGE_BYTES || plain[8] !== PLAIN)
    throw new Error('not a plain change of at most 16,384 bytes');
  const change = readChange(plain);
  if (change.time !== 0 || change.message) throw new Error('a change has a time or a message');
  if (change.deps.length > MAX_DEPENDENCIES) throw new Error('a change has too many dependencies');
  if (change.ops.length > MAX_OPERATIONS) throw new Error('a change has too many operations');
  if (/^0*$/.test(change.actor)) throw new Error('a start is never sent');
  return change;
}

/** Whether changes pulled apply, save and load again beside those held. */
export function survives(kind, held, pulled) {
  try {
    const doc = openPlan(kind, [...held, ...pulled], new Uint8Array(16).fill(255));
    Automerge.load(Automerge.save(doc));
    return true;
  } catch {
    return false;
  }
}
