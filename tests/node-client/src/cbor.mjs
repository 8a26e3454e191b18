// CBOR as the protocol writes it: canonical (RFC 8949, 4.2.1), maps as `Map`, integers past 2^53 as BigInt.
import { decode as cborDecode, decodeFirst, encode as cborEncode, rfc8949EncodeOptions } from 'cborg';

const STRICT = {
  useMaps: true,
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  rejectDuplicateMapKeys: true,
};
const LENIENT = { useMaps: true, rejectDuplicateMapKeys: true };

/** A Buffer as the Uint8Array that it is, so that both sides of a comparison are the same kind. */
const plain = (bytes) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const encode = (value) => plain(cborEncode(value, rfc8949EncodeOptions));

/** Of messages, whose receiver passes over what it does not know. */
export const decode = (bytes) => cborDecode(plain(bytes), LENIENT);

/** Refuses whatever would not come out of `encode` again byte for byte. */
export function decodeCanonical(bytes) {
  const value = cborDecode(plain(bytes), STRICT);
  if (!same(encode(value), bytes)) throw new Error('not canonical CBOR');
  return value;
}

/** Items one after the other in a column: `next()` each, then `end()`. */
export class CborReader {
  constructor(bytes) {
    this.rest = plain(bytes);
  }

  next() {
    const [value, rest] = decodeFirst(this.rest, STRICT);
    const taken = this.rest.subarray(0, this.rest.length - rest.length);
    if (!same(encode(value), taken)) throw new Error('not canonical CBOR');
    this.rest = rest;
    return value;
  }

  end() {
    if (this.rest.length) throw new Error('bytes left over in a column');
  }
}

/** A map of what is present: `undefined` means that the key is absent. */
export const present = (entries) => new Map(entries.filter(([, value]) => value !== undefined));

export const same = (a, b) => Buffer.compare(a, b) === 0;
