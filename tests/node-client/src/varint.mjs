// Columns of LEB128 integers. All arithmetic wraps at 64 bits.
const U64 = (value) => BigInt.asUintN(64, BigInt(value));

/** A number where it is exact, as the CBOR library gives it, else a BigInt. */
export const narrow = (big) =>
  big <= BigInt(Number.MAX_SAFE_INTEGER) && big >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(big) : big;

export class ColumnWriter {
  bytes = [];

  byte(value) {
    this.bytes.push(value);
  }

  uint(value) {
    for (let rest = U64(value); ; rest >>= 7n) {
      const low = Number(rest & 0x7fn);
      if (rest < 0x80n) return void this.bytes.push(low);
      this.bytes.push(low | 0x80);
    }
  }

  /** ±: zigzag first, so that 0, −1, 1, −2 are 0, 1, 2, 3. */
  int(value) {
    const wrapped = BigInt.asIntN(64, BigInt(value));
    this.uint((wrapped << 1n) ^ (wrapped >> 63n));
  }

  /** Signed LEB128, as Automerge and packed plan changes have it. */
  sint(value) {
    for (let rest = BigInt.asIntN(64, BigInt(value)); ; rest >>= 7n) {
      const low = Number(rest & 0x7fn);
      if (rest >= -64n && rest < 64n) return void this.bytes.push(low);
      this.bytes.push(low | 0x80);
    }
  }

  raw(bytes) {
    for (const byte of bytes) this.bytes.push(byte);
  }

  done() {
    return Uint8Array.from(this.bytes);
  }
}

export class ColumnReader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error('a column ends early');
    return this.bytes[this.at++];
  }

  /** As BigInt, 0 to 2^64 − 1. */
  uint() {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      if (byte === 0 && shift) throw new Error('an integer is not written the shortest way');
      if (value >> 64n) throw new Error('an integer is above 64 bits');
      return value;
    }
    throw new Error('an integer is longer than 10 bytes');
  }

  /** ±, as BigInt, −2^63 to 2^63 − 1. */
  int() {
    const value = this.uint();
    return (value >> 1n) ^ -(value & 1n);
  }

  /** Signed LEB128, as BigInt, −2^63 to 2^63 − 1. */
  sint() {
    let value = 0n;
    let before = 0;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte & 0x80) {
        before = byte;
        continue;
      }
      const extension = before & 0x40 ? 0x7f : 0;
      if (shift && byte === extension) throw new Error('an integer is not written the shortest way');
      if (byte & 0x40) value -= 1n << (shift + 7n);
      if (BigInt.asIntN(64, value) !== value) throw new Error('an integer is above 64 bits');
      return value;
    }
    throw new Error('an integer is longer than 10 bytes');
  }

  /** A count or an index, below `limit`. */
  below(limit) {
    const value = this.uint();
    if (value >= BigInt(limit)) throw new Error(`${value} where less than ${limit} was expected`);
    return Number(value);
  }

  raw(length) {
    if (this.at + length > this.bytes.length) throw new Error('a column ends early');
    return this.bytes.slice(this.at, (this.at += length));
  }

  end() {
    if (this.at !== this.bytes.length) throw new Error('bytes left over in a column');
  }
}
