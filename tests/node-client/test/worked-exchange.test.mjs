import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import test from 'node:test';
import { encodeFact, factHash } from '../src/facts.mjs';
import { deliveryId } from '../src/ids.mjs';
import { decodeSyncAnswer, encodeSyncRequest, readCursor, signPush } from '../src/messages.mjs';
import { runningHash } from '../src/outbox.mjs';
import { packFacts, unpackFacts } from '../src/pack-facts.mjs';
import { SIDE, encodePosition } from '../src/side-values.mjs';
import { hex } from './golden.mjs';

const fill = (length, byte) => new Uint8Array(length).fill(byte);
const joined = (text) => hex(text.replace(/\s/g, ''));
const [COUNTY, ID_KEY, STATION] = [fill(16, 1), fill(32, 7), fill(16, 5)];

const FIRST = joined(`
  a7010c02010350569367a2123b8016b9267383dfd0148004190102050107831b000001a205b3d00000000aa1055005050505050505050505
  050505050505`);
const SECOND = joined(`
  a8010c02020350569367a2123b8016b9267383dfd014800419010505010681820c0107831b000001a205eabe8000000aa20a6947656e6572
  617465640b01`);
const PACK = joined(`
  920150569367a2123b8016b9267383dfd01480810c0201420000420000420000440102010542010144000100024a80c09edbc06880bab703
  420000420000405821a1055005050505050505050505050505050505a20a6947656e6572617465640b014201014bc0c0b6c60380e0fcb706
  09`);
const REQUEST = joined(`
  a201a400480303030303030303015871920150569367a2123b8016b9267383dfd01480810c02014200004200004200004401020105420101
  44000100024a80c09edbc06880bab703420000420000405821a1055005050505050505050505050505050505a20a6947656e657261746564
  0b014201014bc0c0b6c60380e0fcb7060902480000000000000000045840a16257c4bdebe7652c2ad08803d31bc5ff893b700a4dcc1e5115
  35d570b75b68eecb1f9160bf943bab2d229254d47896cdd685798e7292b3e660a7d0855d90080801`);
const ANSWER = joined(`
  a6001b000001a205ec452002a20081a4000c0101020203820080018004a40048090909090909090901182a02480808080808080808030005
  f406182a0700`);

const record = deliveryId(ID_KEY, 'SF1234567890123');
const scanned = { author: 12, n: 1, record, kind: 258, version: 1, body: new Map([[5, STATION]]) };
const delivered = { author: 12, n: 2, record, kind: 261, version: 1, after: [[12, 1]] };
const atMs = (bytes) => Number(Buffer.from(bytes).readBigUInt64BE());

test('the facts of the page are written byte for byte', () => {
  const first = encodeFact({ ...scanned, stamp: [atMs(hex('000001a205b3d000')), 0, 0] });
  assert.deepEqual(first, FIRST);
  assert.deepEqual(factHash(first), hex('0dd04393cb8a21112f06a2f384217ac8cda3c012154968405138fec4c0a5c845'));
  const body = new Map([
    [10, 'Generated'],
    [11, 1],
  ]);
  assert.deepEqual(encodeFact({ ...delivered, stamp: [atMs(hex('000001a205eabe80')), 0, 0], body }), SECOND);
});

test('the pack of the page is written and read byte for byte', () => {
  const position = encodePosition({ latitude: 476_500_000, longitude: 864_000_000, accuracy: 9 });
  const side = [{ name: SIDE.position, value: position }];
  const items = [
    { bytes: FIRST, side: [] },
    { bytes: SECOND, side },
  ];
  assert.deepEqual(packFacts(items), PACK);
  assert.deepEqual(
    unpackFacts(PACK).map(({ bytes, side }) => ({ bytes, side })),
    items,
  );
});

test('the request of the page is written byte for byte, and its answer read', () => {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), fill(32, 2)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const push = { nonce: fill(8, 3), facts: PACK, chain: runningHash([]) };
  const signed = signPush(push, { county: COUNTY, device: 12, privateKey });
  assert.deepEqual(encodeSyncRequest({ push: signed, keyListVersion: 1 }), REQUEST);

  const answer = decodeSyncAnswer(ANSWER);
  assert.deepEqual(answer.receipts.facts, [{ author: 12, first: 1, last: 2, outcome: 'admitted', reason: undefined }]);
  assert.deepEqual([answer.receipts.changes, answer.more, answer.position, answer.watermark], [[], false, 42, 0]);
  assert.deepEqual(readCursor(answer.cursor), { epoch: fill(8, 9), seq: 42, nonce: fill(8, 8), within: 0 });
  assert.deepEqual(runningHash([FIRST, SECOND].map(factHash)), hex('2d5da359f6a2b50a'));
});
