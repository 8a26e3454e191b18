import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { built } from './paths.mjs';

/** A phone of somebody else, worked by `saddlebag`. */
export class CommandLinePhone {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /** Runs a verb; its answer. */
  async run(...words) {
    const { stdout } = await promisify(execFile)(built('saddlebag'), ['--dir', this.#folder, '--json', ...words], {
      maxBuffer: 1 << 26,
    });
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }
}
