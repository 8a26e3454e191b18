import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, encode } from '../src/cbor.mjs';
import {
  decodeEnrolAnswer,
  decodeSyncAnswer,
  encodeEnrolRequest,
  encodeSyncRequest,
  keyListBytes,
  plainCode,
  pushBytes,
  readCursor,
  readError,
  readQr,
} from '../src/messages.mjs';
import { goldenMessages, hex } from './golden.mjs';

const golden = goldenMessages();
const fill = (length, byte) => new Uint8Array(length).fill(byte);
const cursorAt = (within) =>
  encode(
    new Map([
      [0, fill(8, 1)],
      [1, 70_000],
      [2, fill(8, 2)],
      [3, within],
    ]),
  );
const cursor = cursorAt(0);

test('a request to enrol is the golden one', () => {
  const request = encodeEnrolRequest({
    code: '7k3m-9qxt-2bva',
    county: fill(16, 1),
    publicKey: fill(32, 2),
    actor: fill(16, 3),
    app: 'saddlebag 0.1.0',
    capabilities: ['photos'],
  });
  assert.deepEqual(request, golden.get('enrol_request'));
});

test('an enrolment code is read as it is typed', () => {
  assert.equal(plainCode('oil0-k7m3 9qxt'), '0110K7M39QXT');
  assert.deepEqual(readQr(`saddlebag:http://127.0.0.1:1#${'ab'.repeat(16)}#K7M39QXT2BVA`), {
    address: 'http://127.0.0.1:1',
    county: hex('ab'.repeat(16)),
    code: 'K7M39QXT2BVA',
  });
  assert.throws(() => readQr('https://example.org'));
});

test('the golden answer to it is read', () => {
  const answer = decodeEnrolAnswer(golden.get('enrol_answer'));
  assert.deepEqual(answer.county, fill(16, 1));
  assert.equal(answer.device, 12);
  assert.deepEqual(answer.oneTime, [2n ** 63n, 2n ** 64n - 1n]);
  assert.deepEqual(
    answer.keys.keys.map(({ purpose }) => purpose),
    [0, 2],
  );
  assert.deepEqual([answer.keys.version, answer.keys.signer, answer.keys.signature], [3, 1, fill(64, 7)]);
  assert.deepEqual(answer.person, { id: fill(16, 6), name: '01', role: 'courier', station: fill(16, 7) });
});

test('requests to sync are the golden ones', () => {
  assert.deepEqual(encodeSyncRequest({}), golden.get('sync_request.first'));
  assert.deepEqual(encodeSyncRequest({ cursor, keyListVersion: 3 }), golden.get('sync_request.idle'));
  const push = {
    nonce: fill(8, 3),
    facts: hex('80'),
    chain: fill(8, 4),
    changes: hex('8100'),
    signature: fill(64, 5),
  };
  const report = {
    app: 'saddlebag 0.1.0',
    clockAhead: -5,
    free: 2 ** 30,
    unsentFacts: 450,
    unsentPhotos: 3,
    unsentPhotoBytes: 270_000,
  };
  assert.deepEqual(
    encodeSyncRequest({
      cursor: cursorAt(12),
      push,
      budget: 2048,
      checkpoints: [cursor],
      report,
      capabilities: [],
      actors: [fill(16, 9)],
      oneTimeLeft: 60,
      keyListVersion: 3,
    }),
    golden.get('sync_request.full'),
  );
});

test('golden answers are read', () => {
  const answer = decodeSyncAnswer(golden.get('sync_answer.full'));
  assert.deepEqual(answer.receipts, {
    facts: [{ author: 12, first: 1, last: 450, outcome: 'admitted', reason: undefined }],
    changes: [{ record: fill(16, 1), actor: fill(16, 9), first: 2, last: 2, outcome: 'superseded', reason: undefined }],
  });
  assert.deepEqual(answer.page, {
    facts: hex('80'),
    changes: hex('8100'),
    forget: [0, 1, 2].map((reason) => ({ record: fill(16, reason + 1), reason })),
    remove: [{ record: fill(16, 1), author: 12, n: 7, name: 1 }],
    writers: [{ device: 13, person: fill(16, 6) }],
  });
  assert.deepEqual(answer.cursor, cursor);
  assert.deepEqual(answer.wentBack, cursor);
  assert.deepEqual(readCursor(answer.cursor), { epoch: fill(8, 1), seq: 70_000, nonce: fill(8, 2), within: 0 });
  assert.deepEqual([answer.more, answer.position, answer.watermark], [true, 70_000, 65_000]);
  assert.equal(decodeSyncAnswer(golden.get('sync_answer.idle')).receipts, undefined);
  const forked = decodeSyncAnswer(golden.get('sync_answer.forked'));
  assert.deepEqual([forked.code, forked.fork.device, forked.fork.token], [6, 13, 'AQEB']);
  assert.deepEqual(readError(golden.get('error.busy')), { code: 9, text: 'busy', comeBackAfter: undefined });
});

test('outcomes of receipts are the golden ones', () => {
  const outcomes = [0, 1, 2, 3, 4, 5].map((code) => decode(golden.get(`outcome.${code}`)));
  assert.deepEqual(outcomes, [
    [0, []],
    [1, ['waiting']],
    [2, []],
    [3, ['tip_text_phone']],
    [4, []],
    [5, []],
  ]);
});

test('what signatures are over is golden', () => {
  const push = { nonce: fill(8, 3), chain: fill(8, 4), facts: hex('80'), changes: hex('8100') };
  assert.deepEqual(new Uint8Array(pushBytes(push, { county: fill(16, 1), device: 12 })), golden.get('signed.push'));
  assert.deepEqual(new Uint8Array(keyListBytes(fill(16, 1), Buffer.from('list'))), golden.get('signed.key_list'));
});
