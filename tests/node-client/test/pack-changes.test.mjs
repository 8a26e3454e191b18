import assert from 'node:assert/strict';
import test from 'node:test';
import * as Automerge from '@automerge/automerge';
import { ACTION, VALUE, writeChange } from '../src/chunk.mjs';
import { packChanges, unpackChanges } from '../src/pack-changes.mjs';
import { openPlan, readChange, splice } from '../src/plan.mjs';
import { ColumnReader, ColumnWriter } from '../src/varint.mjs';
import { goldenPlan, hex } from './golden.mjs';

const nothingKnown = () => undefined;
const EXAMPLE = hex(
  `
  01 01 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b 0e 01 c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0 02 0100 0101
  0101 0102 0101 0103 0000 0201 02 0101 6172 000000 000000 000101 000002 01 01
  07 10 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 0404 0501 b303e5683a4d5ab8`.replace(/\s/g, ''),
);
const EXAMPLE_CHUNKS = [
  '856f4a839d7601560163010d5e56409a65d72f8db9cd02134060ace46e20d421165e068f583f465dc3701910c0c0c0c0c0c0c0c0c0c0c0c0' +
    'c0c0c0c00102000000061505340142025604571170027e016101720202017e8702140a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a050200',
  '856f4a831d6a83270157019d760156b2bb4b9b357c4ad053c4cbdbacdec36889f160ed08c0c7f172991a9610c0c0c0c0c0c0c0c0c0c0c0c0' +
    'c0c0c0c0020400000008150334014202560257017002710273027f0172017f017f14067f017f007f03',
].map(hex);

test('the example of the page stands for its two chunks', () => {
  const record = new Uint8Array(16).fill(0x0b);
  assert.deepEqual(
    unpackChanges(EXAMPLE, nothingKnown),
    EXAMPLE_CHUNKS.map((bytes) => ({ record, kind: 14, bytes })),
  );
});

test('changes travel whole and come out byte for byte', () => {
  const record = (byte) => new Uint8Array(16).fill(byte);
  const items = [
    { record: record(1), kind: 14, bytes: EXAMPLE_CHUNKS[0] },
    { record: record(2), kind: 1, bytes: goldenPlan('delivery').get('change') },
    { record: record(1), kind: 14, bytes: EXAMPLE_CHUNKS[1] },
  ];
  assert.deepEqual(unpackChanges(packChanges(items), nothingKnown), items);
});

test('a batch is refused when it is damaged, cut or longer', () => {
  for (let at = 0; at < EXAMPLE.length; at++) {
    const damaged = Uint8Array.from(EXAMPLE);
    damaged[at] ^= 1;
    const inRecords = at >= 2 && at < 18; // a record's id is in no hash
    if (!inRecords) assert.throws(() => unpackChanges(damaged, nothingKnown), `byte ${at}`);
    assert.throws(() => unpackChanges(EXAMPLE.slice(0, at), nothingKnown), `cut at ${at}`);
  }
  assert.throws(() => unpackChanges(Buffer.concat([EXAMPLE, Buffer.of(0)]), nothingKnown));
});

test('a chunk is written from its operations as Automerge writes it', () => {
  const actors = ['07'.repeat(16), '03'.repeat(16), 'f0'.repeat(16)];
  const edits = [
    (plan) => splice(plan, ['n'], 0, 0, 'camp at the ford, 桥东 🐎'),
    (plan) => {
      plan.o = 1;
      splice(plan, ['n'], 3, 5, 'x');
    },
    (plan) => {
      plan.o = -70_000;
      plan.q = 12;
    },
    (plan) => {
      delete plan.q;
    },
    (plan) => splice(plan, ['n'], 0, 2, ''),
    (plan) => {
      plan.p = null;
      plan.b = true;
      plan.w = false;
    },
  ];
  let doc = openPlan(1, [], hex(actors[0]));
  edits.forEach((edit, i) => {
    doc = Automerge.change(Automerge.clone(doc, { actor: actors[i % 3] }), { time: 0 }, edit);
    const chunk = Automerge.getLastLocalChange(doc);
    assert.deepEqual(writeChange(operationsOf(readChange(chunk))), chunk, `edit ${i}`);
  });
});

/** What `writeChange` takes, from what Automerge says of a change. */
function operationsOf({ actor, seq, startOp, deps, ops }) {
  const id = (text) => {
    if (!text || text === '_root' || text === '_head') return undefined;
    const [counter, author] = text.split('@');
    return { actor: author, counter: Number(counter) };
  };
  return {
    actor,
    seq,
    startOp,
    deps: deps.map(hex),
    ops: ops.map((op) => ({
      action: ACTION[op.action],
      object: id(op.obj),
      key: op.key,
      place: id(op.elemId),
      insert: op.insert ?? false,
      value: valueOf(op),
      preds: op.pred.map(id),
    })),
  };
}

function valueOf({ value, action }) {
  if (action === 'del' || value === null) return { type: VALUE.null, raw: [] };
  if (typeof value === 'boolean') return { type: value ? VALUE.true : VALUE.false, raw: [] };
  if (typeof value === 'string') return { type: VALUE.text, raw: Buffer.from(value) };
  const column = new ColumnWriter();
  column.sint(value);
  return { type: VALUE.int, raw: column.done() };
}

test('signed integers of this packing', () => {
  for (const [value, digits] of [
    [0, '00'],
    [63, '3f'],
    [64, 'c000'],
    [-64, '40'],
    [-65, 'bf7f'],
    [-1, '7f'],
  ]) {
    const column = new ColumnWriter();
    column.sint(value);
    assert.deepEqual(column.done(), hex(digits));
    assert.equal(new ColumnReader(hex(digits)).sint(), BigInt(value));
  }
  for (const digits of ['8000', 'ff7f', '808080808080808080807f'])
    assert.throws(() => new ColumnReader(hex(digits)).sint());
});
