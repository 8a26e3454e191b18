import assert from 'node:assert/strict';
import test from 'node:test';
import * as Automerge from '@automerge/automerge';
import { decode } from '../src/cbor.mjs';
import { changeHash, deflatedChange, plainChange } from '../src/chunk.mjs';
import { ImmutableString, checkChange, editPlan, openPlan, readChange, splice, survives } from '../src/plan.mjs';
import { STARTS } from '../src/starts.mjs';
import { goldenPlan, hex } from './golden.mjs';

const KINDS = {
  1: 'delivery',
  2: 'pickup',
  3: 'errand',
  5: 'case',
  7: 'household',
  8: 'consent',
  9: 'camp',
  10: 'place',
  11: 'colleague',
  12: 'carrier',
  14: 'hand_in',
  15: 'count',
  16: 'common_issue',
};
const ACTOR = new Uint8Array(16).fill(7);

/** Written by npm `automerge` 1.0.1-preview.7, which deflates: the delivery's `w` set to `ab c` 200 times. */
const DEFLATED = hex(
  '856f4a83b5b74110025163fcf6bc4ef6b7e7aa27676a2759f8f1c9da4e756f38f25a77eedf55ed11c1935defae136047038ccc0c0c0c6ca2cc268c4e4c61cce10bd80a98ea19cb19eb19ebdb521293149247f1281ec5d8713d0300',
);

test('every golden start and change applies, and shows the fields of its view', () => {
  for (const [kind, name] of Object.entries(KINDS)) {
    const golden = goldenPlan(name);
    assert.deepEqual(STARTS.get(Number(kind)), golden.get('start 1'), name);
    checkChange(golden.get('change'));
    const doc = Automerge.toJS(openPlan(Number(kind), [golden.get('change')], ACTOR));
    assert.equal(doc._, Number(kind));
    const [viewKind, fields] = decode(golden.get('view'));
    assert.equal(viewKind, Number(kind));
    for (const [key, value] of fields) {
      assert.ok(key in doc, `${name}.${key}`);
      if (typeof value === 'string') assert.equal(String(doc[key]), value, `${name}.${key}`);
      else if (!(value instanceof Map) && !Array.isArray(value)) assert.deepEqual(doc[key], value, `${name}.${key}`);
    }
  }
});

test('an edit is one plain change that says no time', () => {
  const { doc, change } = editPlan(openPlan(1, [], ACTOR), (plan) => {
    plan.w = new ImmutableString('SF1234567890123');
    plan.o = 3;
    splice(plan, ['n'], 0, 0, '桥东第三家');
  });
  const read = checkChange(change);
  assert.deepEqual([read.actor, read.seq, read.startOp, read.time], ['07'.repeat(16), 1, 3, 0]);
  assert.deepEqual(read.deps, [Buffer.from(changeHash(STARTS.get(1))).toString('hex')]);
  assert.ok(survives(1, [], [change]));
  assert.equal(editPlan(doc, () => {}).change, undefined);
});

test('a deflated change becomes plain, with the same hash', () => {
  const doc = openPlan(1, [], ACTOR);
  const { change } = editPlan(doc, (plan) => {
    plan.w = new ImmutableString('ab c'.repeat(200));
  });
  assert.equal(DEFLATED[8], 2);
  assert.deepEqual(plainChange(DEFLATED), change);
  assert.equal(Automerge.decodeChange(DEFLATED).hash, Buffer.from(changeHash(change)).toString('hex'));
  assert.equal(Automerge.decodeChange(deflatedChange(change)).hash, readChange(change).hash);
  assert.deepEqual(plainChange(deflatedChange(change)), change);
  assert.deepEqual(plainChange(change), change);
});

test('a change with another checksum, a time, a message, or of another chunk type is refused', () => {
  const edit = (options) => {
    const doc = Automerge.change(openPlan(1, [], ACTOR), options, (plan) => {
      plan.o = 1;
    });
    return Automerge.getLastLocalChange(doc);
  };
  const good = edit({ time: 0 });
  const damaged = Uint8Array.from(good);
  damaged[damaged.length - 3] ^= 1;
  assert.throws(() => checkChange(damaged), /hash/);
  assert.throws(() => checkChange(edit({ time: 5 })), /time/);
  assert.throws(() => checkChange(edit({ time: 0, message: 'x' })), /message/);
  assert.throws(() => checkChange(STARTS.get(1)), /start/);
  assert.throws(() => plainChange(Automerge.save(openPlan(1, [good], ACTOR))), /no change/);
});
