import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

const target = resolve(repository, process.env.CARGO_TARGET_DIR ?? 'target');

/** A binary that cargo built; `SADDLEBAG_PROFILE` is `debug` or `release`. */
export const built = (name) => join(target, process.env.SADDLEBAG_PROFILE ?? 'debug', name);

/** A folder for what a run leaves to be looked at. */
export function leftIn(...names) {
  const folder = join(target, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
