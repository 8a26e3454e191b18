// Packed plan changes: written whole (form 0), read in both forms. What form 1 leaves out is made again, and a digest
// shows that it came out as it was.
import { createHash } from 'node:crypto';
import { ACTION, NO_VALUE, VALUE, changeHash, writeChange } from './chunk.mjs';
import { readLane } from './lane.mjs';
import { readChange } from './plan.mjs';
import { STARTS } from './starts.mjs';
import { ColumnReader, ColumnWriter } from './varint.mjs';

const VERSION = 1;
const LEAN = 1;
const MAX_CHANGES = 10_000;
const MAX_ROWS = 100_000;
const MAX_BATCH_BYTES = 2_097_152;
const ZERO_ACTOR = '00'.repeat(16);
const NO_HASHES = new Uint8Array();

const ROW = { set: 0, deleteKey: 1, text: 2, value: 3, map: 4, deletePlace: 5 };
const DEP = { hash: 0, start: 1, known: 2, before: 3 };

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const digestOf = (hashes) => createHash('sha256').update(hashes).digest().subarray(0, 8);

/** `items`: `{ record, kind, bytes }`, `bytes` a plain chunk. */
export function packChanges(items) {
  const records = new Map();
  for (const { record, kind } of items) if (!records.has(hex(record))) records.set(hex(record), { record, kind });
  const numbers = [...records.keys()];
  const batch = new ColumnWriter();
  batch.uint(VERSION);
  batch.uint(records.size);
  for (const { record } of records.values()) batch.raw(record);
  for (const { kind } of records.values()) batch.byte(kind);
  batch.uint(0); // actors
  batch.uint(items.length);
  let last = -1;
  for (const { record } of items) {
    const number = numbers.indexOf(hex(record));
    batch.sint(number - last);
    last = number;
  }
  for (const _ of items) batch.byte(0);
  for (const { bytes } of items) batch.uint(bytes.length);
  for (const { bytes } of items) batch.raw(bytes);
  batch.uint(0); // keys
  batch.raw(digestOf(NO_HASHES));
  return batch.done();
}

/**
 * In the batch's order: `{ record, kind, bytes }`. `known(record, actor, seq)`, in hexadecimal, gives the plain chunk
 * that the device holds under that name.
 */
export function unpackChanges(batch, known) {
  const reader = new ColumnReader(batch);
  const times = (count, read) => Array.from({ length: count }, read);
  const limited = (limit) => reader.below(Math.min(limit, batch.length) + 1);
  if (reader.uint() !== BigInt(VERSION)) throw new Error('packed plan changes of another version');

  const recordCount = limited(MAX_CHANGES);
  const ids = times(recordCount, () => reader.raw(16));
  const kinds = times(recordCount, () => reader.byte());
  const actors = [ZERO_ACTOR, ...times(limited(MAX_CHANGES), () => hex(reader.raw(16)))];
  let record = -1;
  const count = limited(MAX_CHANGES);
  const changes = times(count, () => {
    record += Number(reader.sint());
    if (!(record in ids)) throw new Error('a change names no record');
    return { record: ids[record], kind: kinds[record] };
  });
  for (const change of changes) change.form = reader.below(2);
  const whole = changes.filter(({ form }) => form !== LEAN);
  const lengths = whole.map(() => reader.below(MAX_BATCH_BYTES));
  whole.forEach((change, i) => (change.bytes = reader.raw(lengths[i])));

  const lean = changes.filter(({ form }) => form === LEAN);
  readLean(reader, lean, actors);
  const rows = readRows(reader, lean, actors);
  const digest = reader.raw(8);
  reader.end();

  const made = [];
  let at = 0;
  for (const change of lean) {
    made.push(makeChange(change, rows.slice(at, (at += change.rows)), made, known));
    change.bytes = made.at(-1).bytes;
  }
  if (!digestOf(Buffer.concat(made.map(({ hash }) => hash))).equals(digest)) throw new Error('a digest does not match');
  return changes.map(({ record, kind, bytes }) => ({ record, kind, bytes }));
}

function readLean(reader, lean, actors) {
  for (const change of lean) change.actor = actors[reader.below(actors.length)];
  for (const change of lean) change.seq = Number(reader.uint());
  for (const change of lean) change.deps = Array.from({ length: reader.below(256) }, () => ({}));
  const deps = lean.flatMap((change) => change.deps);
  for (const dep of deps) dep.what = reader.below(MAX_CHANGES);
  for (const dep of deps) if (dep.what === DEP.hash) dep.hash = reader.raw(32);
  for (const dep of deps) if (dep.what === DEP.known) dep.actor = actors[reader.below(actors.length)];
  for (const dep of deps) if (dep.what === DEP.known) dep.seq = Number(reader.uint());
  for (const change of lean) change.start = Number(reader.sint());
  for (const change of lean) change.rows = reader.below(MAX_ROWS);
}

/** Rows with their values; an id is `{ actor, back }` until its change's start_op is known. */
function readRows(reader, lean, actors) {
  const lengths = Array.from({ length: reader.below(reader.bytes.length) }, () => reader.below(reader.bytes.length));
  const keys = lengths.map((length) => Buffer.from(reader.raw(length)).toString());
  const total = lean.reduce((sum, change) => sum + change.rows, 0);
  if (total > MAX_ROWS) throw new Error('too many rows in a batch');
  const rows = Array.from({ length: total }, () => ({ what: reader.below(6) }));
  const atKey = ({ what }) => what === ROW.set || what === ROW.deleteKey;
  for (const row of rows) row.object = objectOf(reader);
  for (const row of rows) if (atKey(row)) row.key = keys[reader.below(keys.length)];
  for (const row of rows) if (!atKey(row)) row.place = [undefined, 'before', { given: true }][reader.below(3)];
  for (const row of rows) row.preds = predsOf(reader.below(MAX_ROWS));

  const given = rows.flatMap(({ object, place, preds }) => [object, place, ...preds]).filter((id) => id?.given);
  for (const id of given) id.actor = actors[reader.below(actors.length)];
  for (const id of given) id.back = Number(reader.sint());

  for (const key of keys)
    readLane(
      reader,
      rows.filter((row) => row.what === ROW.set && row.key === key),
    );
  readLane(
    reader,
    rows.filter((row) => row.what === ROW.value),
  );
  const texts = rows.filter((row) => row.what === ROW.text);
  for (const row of texts) row.length = reader.below(MAX_BATCH_BYTES);
  for (const row of texts)
    row.text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reader.raw(row.length));
  return rows;
}

function objectOf(reader) {
  const object = Number(reader.uint());
  if (object === 0) return undefined;
  return object === 1 ? { given: true } : { actor: ZERO_ACTOR, counter: object - 2 };
}

function predsOf(preds) {
  if (preds === 1) return ['place'];
  return Array.from({ length: preds && preds - 1 }, () => ({ given: true }));
}

/** The chunk again: its dependencies by hash, its start_op, its operations. */
function makeChange({ record, kind, actor, seq, deps, start }, rows, made, known) {
  const found = deps.map((dep) => {
    if (dep.what === DEP.hash) return { hash: dep.hash, maxOp: 0 };
    if (dep.what === DEP.start) return named(STARTS.get(kind));
    if (dep.what === DEP.known) return named(known(hex(record), dep.actor, dep.seq));
    return made[made.length - 1 - (dep.what - DEP.before)] ?? missing();
  });
  const startOp = start + 1 + Math.max(0, ...found.map(({ maxOp }) => maxOp));
  const ops = makeOps(rows, { actor, startOp });
  const bytes = writeChange({ actor, seq, startOp, deps: found.map(({ hash }) => hash), ops });
  return { bytes, hash: changeHash(bytes), maxOp: startOp + ops.length - 1 };
}

function named(chunk) {
  if (!chunk) missing();
  const { startOp, ops } = readChange(chunk);
  return { hash: changeHash(chunk), maxOp: startOp + ops.length - 1 };
}

function missing() {
  throw new Error('a change that both sides should know is not there');
}

function makeOps(rows, { actor, startOp }) {
  const ops = [];
  const before = () => ({ actor, counter: startOp + ops.length - 1 });
  const resolved = (id) => (id?.given ? { actor: id.actor, counter: startOp - id.back } : id);
  for (const row of rows) {
    const place = row.place === 'before' ? before() : resolved(row.place);
    const op = {
      action: ACTION.set,
      object: resolved(row.object),
      key: row.key,
      place,
      insert: row.what === ROW.text || row.what === ROW.value || row.what === ROW.map,
      value: row.value ?? NO_VALUE,
      preds: row.preds.map((pred) => (pred === 'place' ? place : resolved(pred))),
    };
    if (row.what === ROW.map) op.action = ACTION.makeMap;
    if (row.what === ROW.deleteKey || row.what === ROW.deletePlace) op.action = ACTION.del;
    if (row.what !== ROW.text) ops.push(op);
    else {
      for (const [i, character] of [...row.text].entries()) {
        const value = { type: VALUE.text, raw: Buffer.from(character) };
        ops.push({ ...op, place: i === 0 ? place : before(), value });
      }
    }
  }
  return ops;
}
