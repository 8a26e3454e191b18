// One frame, complete, without a dictionary.
import { Zstd } from '@hpcc-js/wasm-zstd';

const LEVEL = 19;
const MAX_DECOMPRESSED = 2_097_152;

const zstd = await Zstd.load();

export const compress = (bytes) => zstd.compress(bytes, LEVEL);

export function decompress(frame) {
  const bytes = zstd.decompress(frame);
  if (bytes.length > MAX_DECOMPRESSED) throw new Error('an answer is too large');
  return bytes;
}
