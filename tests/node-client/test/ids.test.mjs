import assert from 'node:assert/strict';
import test from 'node:test';
import { countId, deliveryId, handInId, normaliseWaybill, randomId, uuid } from '../src/ids.mjs';

const KEY = new Uint8Array(32).fill(7);
const COURIER = new Uint8Array(16).fill(9);

test('derived ids are those of docs/records.md', () => {
  assert.equal(uuid(deliveryId(KEY, 'SF1234567890123', 0)), '569367a2-123b-8016-b926-7383dfd01480');
  assert.equal(uuid(deliveryId(KEY, 'ｓｆ 1234 5678 90123', 0)), '569367a2-123b-8016-b926-7383dfd01480');
  assert.equal(uuid(handInId(KEY, COURIER, 1)), '87b36776-3d7d-87d4-a518-02211caef12b');
  assert.equal(uuid(countId(KEY, COURIER, 1)), '5160a16e-f7a8-8a3a-aa20-6304758fa522');
});

test('other ids are of version 7 and begin with the time', () => {
  assert.match(uuid(randomId(0x0123456789ab)), /^01234567-89ab-7...-[89ab]...-............$/);
});

test('a waybill number has 6 to 32 letters, digits and dashes', () => {
  assert.equal(normaliseWaybill(' jd-0012 ３4'), 'JD-001234');
  for (const text of ['SF123', 'A'.repeat(33), 'SF_123456', '顺丰123456']) assert.throws(() => normaliseWaybill(text));
});
