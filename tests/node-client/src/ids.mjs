// Ids of records: derived ones (UUID version 8), which two devices make the same apart, and all others (version 7).
import { randomBytes } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';

export const deliveryId = (idKey, waybill, generation = 0) =>
  derived(idKey, 'saddlebag delivery 1', Buffer.from(normaliseWaybill(waybill), 'ascii'), generation);
export const handInId = (idKey, courier, number) => derived(idKey, 'saddlebag hand-in 1', courier, number);
export const countId = (idKey, courier, number) => derived(idKey, 'saddlebag count 1', courier, number);

export function normaliseWaybill(text) {
  const waybill = text.normalize('NFKC').replace(/\s/gu, '').toUpperCase();
  if (!/^[A-Z0-9-]{6,32}$/.test(waybill)) throw new Error('not a waybill number');
  return waybill;
}

function derived(idKey, domain, name, number) {
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(number);
  const input = Buffer.concat([Buffer.from(domain), Buffer.of(0, name.length), name, tail]);
  return withVersion(blake3(input, { key: idKey, dkLen: 16 }), 8);
}

export function randomId(now = Date.now()) {
  const id = randomBytes(16);
  id.writeUIntBE(now, 0, 6);
  return withVersion(id, 7);
}

function withVersion(bytes, version) {
  const id = Uint8Array.from(bytes);
  id[6] = (id[6] & 0x0f) | (version << 4);
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

export function uuid(id) {
  return Buffer.from(id)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const fromUuid = (text) => Uint8Array.from(Buffer.from(text.replaceAll('-', ''), 'hex'));
