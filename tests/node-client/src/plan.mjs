// Plans: Automerge documents that begin with the golden start of their kind, edited one change at a time.
import * as Automerge from '@automerge/automerge';
import { MAX_CHANGE_BYTES, PLAIN, changeHash, plainChange } from './chunk.mjs';

export { ImmutableString, splice } from '@automerge/automerge';

const MAX_OPERATIONS = 10_000;
const MAX_DEPENDENCIES = 8;

/** Start 1 of each kind that has a plan, from docs/records.md; never sent, loaded before anything else. */
export const STARTS = new Map(
  Object.entries({
    1: '856f4a83f6e77e1d01330010000000000000000000000000000000000101000000061505340142035603570170027e015f016e027e01047e1400010200',
    2: '856f4a8381abd3a901330010000000000000000000000000000000000101000000061505340142035603570170027e015f016e027e01047e1400020200',
    3: '856f4a83c082af9b01370010000000000000000000000000000000000101000000061507340142045604570170027d015f016c016e037d0102047f140200030300',
    5: '856f4a833eeab64601330010000000000000000000000000000000000101000000061505340142035603570170027e015f0176027e01027e1400050200',
    7: '856f4a83e660c786012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f14077f00',
    8: '856f4a836f3e0194012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f14087f00',
    9: '856f4a830c965d8801330010000000000000000000000000000000000101000000061505340142035603570170027e015f016e027e01047e1400090200',
    10: '856f4a83b7df3f21013a0010000000000000000000000000000000000101000000061509340142055604570170027c015f016d01730169047e010002027f1403000a0400',
    11: '856f4a83e0ee2b1f012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f140b7f00',
    12: '856f4a835700baed01330010000000000000000000000000000000000101000000061505340142035603570170027e015f0169027e01027e14000c0200',
    14: '856f4a830d5e5640012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f140e7f00',
    15: '856f4a83f6e93bf6012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f140f7f00',
    16: '856f4a833b26a3c7012f0010000000000000000000000000000000000101000000061503340142025602570170027f015f017f017f14107f00',
  }).map(([kind, hex]) => [Number(kind), Uint8Array.from(Buffer.from(hex, 'hex'))]),
);

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
  if (plain.length > MAX_CHANGE_BYTES || plain[8] !== PLAIN) throw new Error('not a plain change of at most 16,384 bytes');
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
