// What an answer does to the state, as values: receipts, then the page, then the cursor.
import { randomBytes } from 'node:crypto';
import { changeHash } from './chunk.mjs';
import { decodeFact } from './facts.mjs';
import { readCursor } from './messages.mjs';
import { unpackChanges } from './pack-changes.mjs';
import { unpackFacts } from './pack-facts.mjs';
import { checkChange, readChange, survives } from './plan.mjs';

const MAX_CHECKPOINTS = 32;
const FOR_A_PERSON = 2;
const SAFE = new Set(['admitted', 'held']);

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** Only a receipt changes where an item is. Returns what the person is to be told. */
export function applyReceipts(state, { receipts, position }) {
  const told = [];
  const pending = state.pending;
  state.pending = null;
  if (!receipts || !pending) return told;
  for (const name of pending.names) {
    const fact = state.facts[name];
    const covers = ({ author, first, last }) => author === fact.author && first <= fact.n && fact.n <= last;
    settle(fact, receipts.facts.find(covers), position);
    if (fact.state !== 'unsent' && !SAFE.has(fact.state)) told.push({ ...fact, name });
    if (fact.state === 'gone') delete state.facts[name];
  }
  for (const hash of pending.hashes) {
    const change = state.changes[hash];
    if (!change) continue;
    const covers = ({ record, actor, first, last }) =>
      hex(record) === hex(change.record) &&
      hex(actor) === hex(change.actor) &&
      first <= change.seq &&
      change.seq <= last;
    settle(change, receipts.changes.find(covers) ?? { outcome: 'admitted' }, position);
    if (change.state === 'unsent' || SAFE.has(change.state)) continue;
    const { state: outcome, reason } = change;
    told.push(...dropChange(state, hash).map((dropped) => ({ ...dropped, state: outcome, reason })));
    if (outcome === 'refused') editUnderFreshActor(state, change.actor);
  }
  return told;
}

function settle(item, receipt, position) {
  if (!receipt || receipt.outcome === 'later') return;
  Object.assign(item, { state: receipt.outcome, reason: receipt.reason, position });
}

/** With all of this device's that builds on it; returns them. */
function dropChange(state, hash) {
  const change = state.changes[hash];
  delete state.changes[hash];
  const buildsOnIt = ([other, { own, record, bytes }]) =>
    other in state.changes && own && hex(record) === hex(change.record) && readChange(bytes).deps.includes(hash);
  const dropped = Object.entries(state.changes).flatMap((each) => (buildsOnIt(each) ? dropChange(state, each[0]) : []));
  return [{ ...change, hash }, ...dropped];
}

function editUnderFreshActor(state, refused) {
  if (hex(state.actors.at(-1)) === hex(refused)) state.actors.push(new Uint8Array(randomBytes(16)));
}

/** In the page's own order; the caller does it in one transaction. */
export function applyPage(state, { page, cursor, position, watermark }, clock) {
  if (page?.facts) takeFacts(state, unpackFacts(page.facts), clock);
  if (page?.changes) takeChanges(state, unpackChanges(page.changes, knownChange(state)));
  for (const { author, n, name } of page?.remove ?? []) {
    const fact = state.facts[`${author}/${n}`];
    if (fact) fact.side = fact.side.filter((value) => value.name !== name);
  }
  for (const row of page?.forget ?? []) forget(state, row);
  for (const { device, person } of page?.writers ?? []) state.writers[device] = person;
  if (cursor) keepCursor(state, cursor);
  Object.assign(state, { position, watermark });
  for (const items of [state.facts, state.changes]) {
    for (const [name, item] of Object.entries(items)) {
      if (item.sealed && SAFE.has(item.state) && item.position <= watermark) delete items[name];
    }
  }
}

/** What both sides know: by record and actor, in hexadecimal, and seq. */
function knownChange(state) {
  const chunks = new Map(
    Object.values(state.changes).map(({ record, actor, seq, bytes }) => [`${hex(record)} ${hex(actor)} ${seq}`, bytes]),
  );
  return (record, actor, seq) => chunks.get(`${record} ${actor} ${seq}`);
}

function takeFacts(state, items, clock) {
  for (const { name, fact, bytes, side } of items) {
    const known = state.facts[name];
    if (known && hex(known.bytes) !== hex(bytes)) state.conflicts.push({ name, bytes });
    if (known) continue;
    const { record, author, n, stamp } = fact;
    state.facts[name] = { record: Uint8Array.from(record), author, n, bytes, side, own: false, state: 'pulled' };
    state.stamp = clock.adopt(state.stamp, stamp);
  }
}

/** Judged by the same guard as at the county; what does not survive on a copy is set aside. */
function takeChanges(state, items) {
  for (const { record, kind, bytes } of items) {
    const hash = hex(changeHash(bytes));
    if (state.changes[hash]) continue;
    const { actor, seq } = checkChange(bytes);
    const held = changesOf(state, record).map((change) => change.bytes);
    const fits = survives(kind, held, [bytes]);
    state.changes[hash] = {
      record: Uint8Array.from(record),
      kind,
      actor: Uint8Array.from(Buffer.from(actor, 'hex')),
      seq,
      bytes,
      own: false,
      state: fits ? 'pulled' : 'set aside',
    };
  }
}

export const factsOf = (state, record) =>
  Object.values(state.facts).filter((fact) => !fact.sealed && hex(fact.record) === hex(record));

export const changesOf = (state, record) =>
  Object.values(state.changes).filter(
    (change) => !change.sealed && change.state !== 'set aside' && hex(change.record) === hex(record),
  );

/** The record's facts that no other names in its `after`. */
export function latestFacts(state, record) {
  const facts = factsOf(state, record)
    .filter((fact) => fact.state !== 'refused')
    .map((fact) => decodeFact(fact.bytes));
  const named = new Set(facts.flatMap((fact) => (fact.after ?? []).map(([author, n]) => `${author}/${n}`)));
  return facts.filter((fact) => !named.has(`${fact.author}/${fact.n}`)).map((fact) => [fact.author, fact.n]);
}

/** What the device itself wrote and no backup covers yet stays, sealed and unread. */
function forget(state, { record, reason }) {
  for (const items of [state.facts, state.changes]) {
    for (const [name, item] of Object.entries(items)) {
      if (hex(item.record) !== hex(record)) continue;
      if (item.own && reason !== FOR_A_PERSON) item.sealed = true;
      else delete items[name];
    }
  }
}

/** The county went on from a checkpoint, or from the start: what it had confirmed above that is sent again. */
export function offerAgain(state, { wentBack }) {
  const floor = wentBack ? readCursor(wentBack).seq : 0;
  for (const item of [...Object.values(state.facts), ...Object.values(state.changes)]) {
    if (item.own && SAFE.has(item.state) && item.position > floor) item.state = 'unsent';
  }
  state.checkpoints = state.checkpoints.filter((checkpoint) => readCursor(checkpoint).seq <= floor);
  state.cursor = wentBack ?? null;
}

/** Older cursors are kept so that their distances from the newest about double. */
function keepCursor(state, cursor) {
  const { seq } = readCursor(cursor);
  const spaced = new Map();
  for (const checkpoint of state.cursor ? [state.cursor, ...state.checkpoints] : []) {
    const distance = Number(seq) - Number(readCursor(checkpoint).seq);
    if (distance > 0) spaced.set(Math.floor(Math.log2(distance)), checkpoint);
  }
  state.cursor = cursor;
  state.checkpoints = [...spaced]
    .sort(([a], [b]) => a - b)
    .map(([, checkpoint]) => checkpoint)
    .slice(0, MAX_CHECKPOINTS);
}
