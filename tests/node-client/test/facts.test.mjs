import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeCanonical, encode } from '../src/cbor.mjs';
import { decodeFact, encodeFact } from '../src/facts.mjs';
import { packFacts, unpackFacts } from '../src/pack-facts.mjs';
import { SIDE, encodePosition } from '../src/side-values.mjs';
import { ColumnReader, ColumnWriter } from '../src/varint.mjs';
import { goldenFacts, hex } from './golden.mjs';

const bytesOf = (items) => items.map(({ bytes, side }) => ({ bytes, side }));
const RECORD = new Uint8Array(16).fill(3);
const fact = (fields) =>
  encodeFact({ author: 7, n: 1, record: RECORD, kind: 257, version: 1, stamp: [1_790_000_000_000, 0, 0], ...fields });

test('every golden fact is read and written again byte for byte', () => {
  const facts = goldenFacts();
  assert.ok(facts.size > 90);
  for (const [name, bytes] of facts) assert.deepEqual(encodeFact(decodeFact(bytes)), bytes, name);
});

test('every golden fact travels in a pack and comes out as it was', () => {
  const items = [...goldenFacts().values()].map((bytes) => ({ bytes, side: [] }));
  const pack = packFacts(items);
  assert.deepEqual(bytesOf(unpackFacts(pack)), items);
  assert.deepEqual(packFacts(unpackFacts(pack)), pack);
});

test('a pack carries side values, other authors, all optional fields and clocks that go back', () => {
  const oneTime = 2n ** 63n + 5n;
  const text = (value) => Uint8Array.from(Buffer.from(value));
  const items = [
    {
      bytes: fact({ observed: [1_790_000_000_001, 55, 3], body: new Map([[5, RECORD]]) }),
      side: [
        { name: SIDE.position, value: encodePosition({ latitude: 480_000_001, longitude: -1, accuracy: 65_535 }) },
        { name: SIDE.phone, value: text('١٢٣') },
      ],
    },
    { bytes: fact({ n: 2, after: [[7, 1]], stamp: [1_158_000_000_000, 3, 3] }), side: [] },
    {
      bytes: fact({
        author: oneTime,
        after: [
          [7, 2],
          [2n ** 64n - 1n, 2n ** 64n - 1n],
        ],
        was: [[9, 4], hex('ab'.repeat(32))],
      }),
      side: [
        { name: SIDE.medicine, value: new Uint8Array() },
        {
          name: SIDE.position,
          value: encodePosition({ latitude: -900_000_000, longitude: 1_800_000_000, accuracy: 0 }),
        },
        { name: SIDE.photo, value: hex('cd'.repeat(32)) },
      ],
    },
  ];
  assert.deepEqual(bytesOf(unpackFacts(packFacts(items))), items);
});

test('a pack is refused when a column is too long, too short, or written in another way', () => {
  const pack = decodeCanonical(packFacts([{ bytes: fact({}), side: [] }]));
  const spoilt = (index, value) => encode(pack.map((item, i) => (i === index ? value : item)));
  for (let column = 5; column < pack.length; column++) {
    assert.throws(() => unpackFacts(spoilt(column, Buffer.concat([pack[column], Buffer.of(0)]))), `longer ${column}`);
    if (pack[column].length)
      assert.throws(() => unpackFacts(spoilt(column, pack[column].slice(0, -1))), `shorter ${column}`);
  }
  assert.throws(() => unpackFacts(spoilt(0, 2)), /version/);
  assert.throws(() => unpackFacts(spoilt(6, Uint8Array.of(0x80, 0))), /shortest/);
  assert.throws(() => unpackFacts(spoilt(13, Uint8Array.of(4))), /flag/);
  assert.throws(() => unpackFacts(spoilt(15, Uint8Array.of(0xbf, 0xff))));
});

test('what is not canonical is no fact', () => {
  const bytes = fact({ body: new Map([[3, 500]]) });
  const withInt = (digits) => Buffer.concat([bytes.slice(0, -3), Buffer.from(digits, 'hex')]);
  assert.deepEqual(decodeFact(withInt('1901f4')).body, new Map([[3, 500]]));
  for (const digits of ['1a000001f4', 'fb407f400000000000', 'c11901f4', '1901f400', 'f7']) {
    assert.throws(() => decodeFact(withInt(digits)), digits);
  }
  assert.throws(
    () =>
      fact({
        after: [
          [7, 2],
          [7, 1],
        ],
      }),
    /ascending/,
  );
  assert.throws(() => fact({ body: new Map([[7, 'x'.repeat(8200)]]) }), /too long/);
});

test('integers of columns', () => {
  for (const [value, digits] of [
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [2n ** 64n - 1n, 'ffffffffffffffffff01'],
  ]) {
    const column = new ColumnWriter();
    column.uint(value);
    assert.deepEqual(column.done(), hex(digits));
    assert.equal(new ColumnReader(hex(digits)).uint(), BigInt(value));
  }
  for (const [value, digits] of [
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-2, '03'],
    [-(2n ** 63n), 'ffffffffffffffffff01'],
  ]) {
    const column = new ColumnWriter();
    column.int(value);
    assert.deepEqual(column.done(), hex(digits));
    assert.equal(new ColumnReader(hex(digits)).int(), BigInt(value));
  }
  for (const digits of ['80', '8000', 'ffffffffffffffffff02', '8080808080808080808001']) {
    assert.throws(() => new ColumnReader(hex(digits)).uint(), digits);
  }
});
