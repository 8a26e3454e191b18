// Packed facts: each part of the facts a column of its own. Never what is signed or stored: the receiver builds each
// fact's canonical bytes again.
import { CborReader, decode, encode } from './cbor.mjs';
import { decodeFact, encodeFact, factName } from './facts.mjs';
import { SIDE, checkSideValue, decodePosition, encodePosition } from './side-values.mjs';
import { ColumnReader, ColumnWriter, narrow } from './varint.mjs';

const VERSION = 1;
const MAX_FACTS = 10_000;
const MAX_SIDE_VALUES = 40_000;
const HAS_OBSERVED = 16;
const HAS_WAS = 32;
const COLUMNS = [
  'record',
  'author',
  'n',
  'kind',
  'version',
  'after',
  'time',
  'count',
  'flags',
  'extra',
  'bodies',
  'side',
  'positions',
];

/** `items`: `{ bytes, side: [{ name, value }] }`, `bytes` a fact's canonical form. */
export function packFacts(items) {
  const records = firstUses();
  const authors = firstUses();
  const column = Object.fromEntries(COLUMNS.map((name) => [name, new ColumnWriter()]));
  const lastN = new Map();
  let lastMs = 0n;
  let lastSideFact = 0;
  let lastPosition = { latitude: 0, longitude: 0 };
  let sideCount = 0;

  items.forEach(({ bytes, side = [] }, at) => {
    const fact = decodeFact(bytes);
    const [ms, count, source] = fact.stamp;
    const author = authors.index(String(fact.author), fact.author);
    const n = BigInt(fact.n);
    column.record.uint(records.index(Buffer.from(fact.record).toString('hex'), fact.record));
    column.author.uint(author);
    column.n.int(n - (lastN.get(author) ?? 0n) - 1n);
    lastN.set(author, n);
    column.kind.raw([fact.kind >> 8, fact.kind & 0xff]);
    column.version.byte(fact.version);
    column.after.uint(fact.after?.length ?? 0);
    for (const [afterAuthor, afterN] of fact.after ?? []) {
      const index = authors.index(String(afterAuthor), afterAuthor);
      column.after.uint(index);
      if (index === author) column.after.int(n - BigInt(afterN));
      else column.after.uint(afterN);
    }
    column.time.int(BigInt(ms) - lastMs);
    lastMs = BigInt(ms);
    column.count.uint(count);
    column.flags.byte(source | (fact.observed ? HAS_OBSERVED : 0) | (fact.was ? HAS_WAS : 0));
    if (fact.observed) column.extra.raw(encode(fact.observed));
    if (fact.was) column.extra.raw(encode(fact.was));
    column.bodies.raw(encode(fact.body ?? new Map()));
    for (const { name, value } of side) {
      checkSideValue(name, value);
      sideCount += 1;
      column.side.uint(at - lastSideFact);
      lastSideFact = at;
      column.side.byte(name);
      if (name === SIDE.position) {
        const position = decodePosition(value);
        column.positions.int(position.latitude - lastPosition.latitude);
        column.positions.int(position.longitude - lastPosition.longitude);
        column.positions.uint(position.accuracy);
        lastPosition = position;
      } else {
        column.side.uint(value.length);
        column.side.raw(value);
      }
    }
  });

  return encode([
    VERSION,
    Buffer.concat(records.values),
    authors.values,
    items.length,
    sideCount,
    ...COLUMNS.map((name) => column[name].done()),
  ]);
}

export function unpackFacts(pack) {
  const [version, records, authors, count, sideCount, ...columns] = decode(pack);
  if (version !== VERSION) throw new Error(`packed facts of version ${version}`);
  if (columns.length !== COLUMNS.length) throw new Error('packed facts have 18 items');
  if (count > MAX_FACTS || sideCount > MAX_SIDE_VALUES) throw new Error('too many facts in a pack');
  if (records.length % 16) throw new Error('a record is 16 bytes');
  const column = Object.fromEntries(COLUMNS.map((name, i) => [name, new ColumnReader(columns[i])]));
  const extra = new CborReader(column.extra.bytes);
  const bodies = new CborReader(column.bodies.bytes);
  const lastN = new Map();
  let lastMs = 0n;

  const items = Array.from({ length: count }, () => {
    const record = column.record.below(records.length / 16);
    const author = column.author.below(authors.length);
    const n = BigInt.asUintN(64, (lastN.get(author) ?? 0n) + column.n.int() + 1n);
    lastN.set(author, n);
    const kind = (column.kind.byte() << 8) | column.kind.byte();
    const after = Array.from({ length: column.after.below(17) }, () => {
      const index = column.after.below(authors.length);
      const afterN = index === author ? BigInt.asUintN(64, n - column.after.int()) : column.after.uint();
      return [authors[index], narrow(afterN)];
    });
    lastMs = BigInt.asIntN(64, lastMs + column.time.int());
    const flags = column.flags.byte();
    if (flags & ~(3 | HAS_OBSERVED | HAS_WAS)) throw new Error('an unknown flag');
    const fact = {
      author: authors[author],
      n: narrow(n),
      record: records.subarray(record * 16, record * 16 + 16),
      kind,
      version: column.version.byte(),
      after,
      stamp: [narrow(lastMs), narrow(column.count.uint()), flags & 3],
      observed: flags & HAS_OBSERVED ? extra.next() : undefined,
      was: flags & HAS_WAS ? extra.next() : undefined,
      body: bodies.next(),
    };
    return { fact, name: factName(fact.author, fact.n), bytes: encodeFact(fact), side: [] };
  });

  readSideValues(column, items, sideCount);
  extra.end();
  bodies.end();
  for (const name of COLUMNS) if (name !== 'extra' && name !== 'bodies') column[name].end();
  return items;
}

function readSideValues(column, items, sideCount) {
  let at = 0;
  let latitude = 0n;
  let longitude = 0n;
  for (let i = 0; i < sideCount; i++) {
    at += column.side.below(items.length - at);
    const name = column.side.byte();
    let value;
    if (name === SIDE.position) {
      latitude += column.positions.int();
      longitude += column.positions.int();
      const accuracy = column.positions.below(0x10000);
      value = encodePosition({ latitude: Number(latitude), longitude: Number(longitude), accuracy });
    } else {
      value = column.side.raw(column.side.below(MAX_SIDE_BYTES + 1));
    }
    checkSideValue(name, value);
    items[at].side.push({ name, value });
  }
}

const MAX_SIDE_BYTES = 4096;

function firstUses() {
  const indices = new Map();
  const values = [];
  return {
    values,
    index(key, value) {
      if (!indices.has(key)) indices.set(key, values.push(value) - 1);
      return indices.get(key);
    },
  };
}
