// The messages of `POST /v1/enrol` and `POST /v1/sync`: named fields here, small integers as keys on the wire.
import { sign } from 'node:crypto';
import { decode, encode, present } from './cbor.mjs';

const OUTCOMES = ['admitted', 'held', 'superseded', 'refused', 'gone', 'later'];

export function encodeEnrolRequest({ code, county, publicKey, actor, app, capabilities }) {
  return encode(
    present([
      [0, plainCode(code)],
      [1, county],
      [2, publicKey],
      [3, actor],
      [4, app],
      [5, capabilities],
    ]),
  );
}

/** As it is typed: dashes, spaces and lower case are dropped, O is 0, I and L are 1. */
export const plainCode = (text) => text.replace(/[-\s]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');

/** `saddlebag:ADDRESS#COUNTY#CODE` */
export function readQr(text) {
  const [, address, county, code] = /^saddlebag:([^#]+)#([0-9a-f]{32})#([^#]+)$/i.exec(text) ?? [];
  if (!code) throw new Error('not an enrolment code of Saddlebag');
  return { address, county: Uint8Array.from(Buffer.from(county, 'hex')), code };
}

export function decodeEnrolAnswer(bytes) {
  const answer = decode(bytes);
  const person = answer.get(7);
  return {
    county: answer.get(0),
    token: answer.get(1),
    device: answer.get(2),
    oneTime: answer.get(3),
    idKey: answer.get(4),
    keys: readKeyList(answer.get(5)),
    serverKeys: answer.get(6),
    person: { id: person.get(0), name: person.get(1), role: person.get(2), station: person.get(3) },
    countyTime: answer.get(8),
    epoch: answer.get(9),
  };
}

/** `cursor` and `checkpoints` are the encoded maps that came, and go back unchanged. */
export function encodeSyncRequest({
  cursor,
  push,
  budget,
  checkpoints,
  report,
  capabilities,
  actors,
  oneTimeLeft,
  keyListVersion,
}) {
  return encode(
    present([
      [0, cursor && decode(cursor)],
      [1, push && encodePush(push)],
      [2, budget],
      [3, checkpoints?.map((checkpoint) => decode(checkpoint))],
      [4, report && encodeReport(report)],
      [5, capabilities],
      [6, actors?.length ? actors : undefined],
      [7, oneTimeLeft],
      [8, keyListVersion],
    ]),
  );
}

const encodePush = ({ nonce, facts, chain, changes, signature }) =>
  present([
    [0, nonce],
    [1, facts],
    [2, chain],
    [3, changes],
    [4, signature],
  ]);

const encodeReport = ({ app, clockAhead, free, unsentFacts, unsentPhotos, unsentPhotoBytes }) =>
  present([
    [0, app],
    [1, clockAhead],
    [2, free],
    [3, unsentFacts],
    [4, unsentPhotos],
    [5, unsentPhotoBytes],
  ]);

export function signPush(push, { county, device, privateKey }) {
  return { ...push, signature: new Uint8Array(sign(null, pushBytes(push, { county, device }), privateKey)) };
}

/** What a push's signature is over. */
export function pushBytes({ nonce, chain, facts, changes }, { county, device }) {
  const parts = [chain, facts, changes].map((part) => part ?? new Uint8Array());
  return Buffer.concat([
    Buffer.from('saddlebag push v1'),
    county,
    u64(device),
    nonce,
    ...parts.flatMap((part) => [u64(part.length), part]),
  ]);
}

/** What a key list's signature is over. */
export const keyListBytes = (county, list) => Buffer.concat([Buffer.from('saddlebag key list v1'), county, list]);

function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function decodeSyncAnswer(bytes) {
  const answer = decode(bytes);
  const receipts = answer.get(2);
  const page = answer.get(3);
  const fork = answer.get(11);
  return {
    countyTime: answer.get(0),
    code: answer.get(1),
    receipts: receipts && {
      facts: (receipts.get(0) ?? []).map(factReceipt),
      changes: (receipts.get(1) ?? []).map(changeReceipt),
    },
    page: page && {
      facts: page.get(0),
      changes: page.get(1),
      forget: (page.get(2) ?? []).map((row) => ({ record: row.get(0), reason: row.get(1) })),
      remove: (page.get(3) ?? []).map((row) => ({
        record: row.get(0),
        author: row.get(1),
        n: row.get(2),
        name: row.get(3),
      })),
      writers: (page.get(4) ?? []).map((row) => ({ device: row.get(0), person: row.get(1) })),
    },
    cursor: answer.has(4) ? encode(answer.get(4)) : undefined,
    wentBack: answer.has(12) ? encode(answer.get(12)) : undefined,
    more: answer.get(5) ?? false,
    position: answer.get(6),
    watermark: answer.get(7),
    backupTime: answer.get(8),
    oneTime: answer.get(9) ?? [],
    keys: answer.has(10) ? readKeyList(answer.get(10)) : undefined,
    fork: fork && { device: fork.get(0), token: fork.get(1), oneTime: fork.get(2) },
  };
}

export const readCursor = (cursor) => {
  const map = decode(cursor);
  return { epoch: map.get(0), seq: map.get(1), nonce: map.get(2), within: map.get(3) };
};

export const readError = (bytes) => {
  const error = decode(bytes);
  return { code: error.get(0), text: error.get(1), comeBackAfter: error.get(2) };
};

const factReceipt = (row) => ({ author: row.get(0), first: row.get(1), last: row.get(2), ...readOutcome(row.get(3)) });

const changeReceipt = (row) => ({
  record: row.get(0),
  actor: row.get(1),
  first: row.get(2),
  last: row.get(3),
  ...readOutcome(row.get(4)),
});

const readOutcome = ([code, [reason] = []]) => ({ outcome: OUTCOMES[code] ?? `newer ${code}`, reason });

function readKeyList(signed) {
  const list = decode(signed.get(0));
  return {
    bytes: signed.get(0),
    signer: signed.get(1),
    signature: signed.get(2),
    version: list.get(0),
    keys: list.get(1).map((key) => ({ id: key.get(0), purpose: key.get(1), key: key.get(2) })),
  };
}
