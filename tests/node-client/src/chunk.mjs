// Automerge's binary change chunks: taken apart as far as hashing asks, deflated or not, and written from operations.
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ColumnReader, ColumnWriter } from './varint.mjs';

export const MAX_CHANGE_BYTES = 16_384;
export const PLAIN = 1;
const DEFLATED = 2;
const MAGIC = Buffer.from('856f4a83', 'hex');

/** A change as a chunk of type 1, whichever type it came in. */
export function plainChange(chunk) {
  const { type, contents } = splitChunk(chunk);
  if (type === PLAIN) return Uint8Array.from(chunk);
  if (type !== DEFLATED) throw new Error(`a chunk of type ${type} is no change`);
  return chunkAround(inflateRawSync(contents, { maxOutputLength: MAX_CHANGE_BYTES }));
}

/** As some libraries write changes above 256 bytes. */
export function deflatedChange(plain) {
  const { checksum, contents } = splitChunk(plain);
  return joinChunk(checksum, DEFLATED, deflateRawSync(contents));
}

/** 32 bytes: the name of a plain change, whose checksum must be its beginning. */
export function changeHash(plain) {
  const { checksum, contents } = splitChunk(plain);
  const hash = hashOf(contents);
  if (!hash.subarray(0, 4).equals(checksum)) throw new Error('a change does not match its hash');
  return Uint8Array.from(hash);
}

function splitChunk(chunk) {
  const reader = new ColumnReader(chunk);
  if (!MAGIC.equals(reader.raw(4))) throw new Error('not an Automerge chunk');
  const checksum = Buffer.from(reader.raw(4));
  const type = reader.byte();
  const contents = reader.raw(reader.below(chunk.length));
  reader.end();
  return { checksum, type, contents };
}

const chunkAround = (contents) => joinChunk(hashOf(contents).subarray(0, 4), PLAIN, contents);

const joinChunk = (checksum, type, contents) =>
  Uint8Array.from(Buffer.concat([MAGIC, checksum, typeAndLength(type, contents), contents]));

const hashOf = (contents) => createHash('sha256').update(typeAndLength(PLAIN, contents)).update(contents).digest();

function typeAndLength(type, contents) {
  const column = new ColumnWriter();
  column.byte(type);
  column.uint(contents.length);
  return column.done();
}

/** What an operation does, as Automerge numbers it. */
export const ACTION = { makeMap: 0, set: 1, del: 3 };
/** What a value is, as Automerge numbers it. */
export const VALUE = { null: 0, false: 1, true: 2, uint: 3, int: 4, float: 5, text: 6, bytes: 7, timestamp: 9 };
export const NO_VALUE = { type: VALUE.null, raw: new Uint8Array() };

/**
 * The plain chunk of a change, byte for byte as Automerge writes it: time 0, no message.
 *
 * `deps`: hashes. Actors are hexadecimal. An id is `{ actor, counter }`; an operation `{ action, object, key, place,
 * insert, value: { type, raw }, preds }`, where `object` is undefined at the root, and `key` a string, or else `place`
 * an id or undefined for the head.
 */
export function writeChange({ actor, seq, startOp, deps, ops }) {
  const named = ops.flatMap(({ object, place, preds }) => [object, place, ...preds]).filter(Boolean);
  const others = [...new Set(named.map((id) => id.actor))].filter((other) => other !== actor).sort();
  const actors = new Map([actor, ...others].map((each, index) => [each, index]));
  const index = (id) => id && actors.get(id.actor);
  const counter = (id) => id && id.counter;
  const column = (value) => ops.map(value);
  const preds = ops.flatMap((op) => op.preds);
  const raw = ops.flatMap((op) => [...op.value.raw]);
  const inText = (op) => op.key === undefined;
  const columns = [
    [
      0x01,
      runs(
        column((op) => index(op.object)),
        uint,
      ),
    ],
    [
      0x02,
      runs(
        column((op) => counter(op.object)),
        uint,
      ),
    ],
    [
      0x11,
      runs(
        column((op) => (inText(op) ? index(op.place) : undefined)),
        uint,
      ),
    ],
    [0x13, runs(deltas(column((op) => (inText(op) ? (counter(op.place) ?? 0) : undefined))), sint)],
    [
      0x15,
      runs(
        column((op) => op.key),
        text,
      ),
    ],
    [0x34, switches(column((op) => op.insert))],
    [
      0x42,
      runs(
        column((op) => op.action),
        uint,
      ),
    ],
    [
      0x56,
      runs(
        column((op) => (op.value.raw.length << 4) | op.value.type),
        uint,
      ),
    ],
    [0x57, Uint8Array.from(raw)],
    [
      0x70,
      runs(
        column((op) => op.preds.length),
        uint,
      ),
    ],
    [0x71, runs(preds.map(index), uint)],
    [0x73, runs(deltas(preds.map(counter)), sint)],
  ].filter(([, bytes]) => bytes.length);

  const chunk = new ColumnWriter();
  const sized = (bytes) => {
    chunk.uint(bytes.length);
    chunk.raw(bytes);
  };
  chunk.uint(deps.length);
  deps.forEach((hash) => chunk.raw(hash));
  sized(Buffer.from(actor, 'hex'));
  chunk.uint(seq);
  chunk.uint(startOp);
  chunk.sint(0); // time
  sized(new Uint8Array()); // message
  chunk.uint(others.length);
  others.forEach((other) => sized(Buffer.from(other, 'hex')));
  chunk.uint(columns.length);
  for (const [name, bytes] of columns) {
    chunk.uint(name);
    chunk.uint(bytes.length);
  }
  for (const [, bytes] of columns) chunk.raw(bytes);
  return chunkAround(chunk.done());
}

const uint = (column, value) => column.uint(value);
const sint = (column, value) => column.sint(value);
function text(column, value) {
  const bytes = Buffer.from(value);
  column.uint(bytes.length);
  column.raw(bytes);
}

/** Run lengths: n × one value, −n and n single values, or 0 and how many absent ones. Empty if all are absent. */
function runs(values, write) {
  const column = new ColumnWriter();
  if (values.every((value) => value === undefined)) return column.done();
  const runFrom = (at) => {
    let end = at + 1;
    while (end < values.length && values[end] === values[at]) end++;
    return end - at;
  };
  for (let at = 0; at < values.length;) {
    const length = runFrom(at);
    if (values[at] === undefined) {
      column.sint(0);
      column.uint(length);
      at += length;
    } else if (length > 1) {
      column.sint(length);
      write(column, values[at]);
      at += length;
    } else {
      let end = at + 1;
      while (end < values.length && values[end] !== undefined && runFrom(end) === 1) end++;
      column.sint(at - end);
      for (; at < end; at++) write(column, values[at]);
    }
  }
  return column.done();
}

function deltas(values) {
  let last = 0;
  return values.map((value) => {
    if (value === undefined) return undefined;
    const delta = value - last;
    last = value;
    return delta;
  });
}

/** How many false, how many true, how many false, … */
function switches(values) {
  const column = new ColumnWriter();
  for (let at = 0, value = false; at < values.length; value = !value) {
    const end = values.findIndex((each, i) => i >= at && each !== value);
    const next = end < 0 ? values.length : end;
    column.uint(next - at);
    at = next;
  }
  return column.done();
}
