import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from './until.mjs';

/** Stands for the desktop's opener of links: it only writes down what it was to open. */
const SCRIPT = `#!/bin/sh
printf '%s\\n' "$1" >>"$(dirname "$0")/opened"
`;

/** What the app has the desktop open. */
export class StandInOpener {
  #folder = mkdtempSync(join(tmpdir(), 'saddlebag-opener-'));
  #told = 0;

  constructor() {
    writeFileSync(join(this.#folder, 'xdg-open'), SCRIPT, { mode: 0o755 });
    writeFileSync(join(this.#folder, 'opened'), '');
  }

  get surroundings() {
    return { PATH: [this.#folder, process.env.PATH].join(delimiter) };
  }

  /** The next link that is opened. */
  async next() {
    const link = await until('link that is opened', () => this.#opened()[this.#told]);
    this.#told += 1;
    return link;
  }

  #opened() {
    return readFileSync(join(this.#folder, 'opened'), 'utf8').split('\n').slice(0, -1);
  }

  end() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
