import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const GREY = 0;

/** A picture file of rows of modules, true for a dark one, each `scale` pixels wide and high. */
export function png(modules, scale) {
  const wide = (row) => row.flatMap((isDark) => Array(scale).fill(isDark ? 0 : 255));
  // Each line begins with how it is filtered: not at all.
  const lines = modules.flatMap((row) => Array(scale).fill(Buffer.from([0, ...wide(row)])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(modules[0].length * scale, 0);
  header.writeUInt32BE(modules.length * scale, 4);
  header.set([8, GREY], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
