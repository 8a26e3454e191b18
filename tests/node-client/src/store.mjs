// What a device must not lose, in memory or in one JSON file that is replaced whole.
import { readFileSync, renameSync, writeFileSync, existsSync, openSync, fsyncSync, closeSync } from 'node:fs';

const EMPTY = {
  identity: null,
  actors: [], // announced ones first; the last is the one that edits
  announced: 0,
  announcing: 0,
  n: 0, // the last fact under the device number
  ownHashes: [], // of the facts under it, from n = 1, whatever became of them
  stamp: [0, 0], // of the last fact: ms, count
  countyTime: null,
  oneTime: [],
  cursor: null,
  checkpoints: [], // newest first
  position: 0,
  watermark: 0,
  facts: {}, // by name: { record, author, n, bytes, side, own, state, reason, position }
  changes: {}, // by hash: { record, kind, actor, seq, bytes, own, state, reason, position }
  writers: {}, // the person behind each device number that facts came from
  conflicts: [], // facts that came under a known name with other bytes
  pending: null, // a push that was sent and not answered
  budget: 65_536,
  arrived: 0, // exchanges in a row
};

export class Store {
  #path;

  /** Without a path it is kept in memory alone. */
  constructor(path) {
    this.#path = path;
    this.state = path && existsSync(path) ? parse(readFileSync(path, 'utf8')) : structuredClone(EMPTY);
  }

  /** All of what `change` does is kept, or, if it throws, nothing. */
  transaction(change) {
    const draft = structuredClone(this.state);
    const result = change(draft);
    if (this.#path) replace(this.#path, stringify(draft));
    this.state = draft;
    return result;
  }
}

function replace(path, text) {
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

const stringify = (state) =>
  JSON.stringify(state, (_, value) => {
    if (typeof value === 'bigint') return { $int: String(value) };
    if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
    return value;
  });

const parse = (text) =>
  JSON.parse(text, (_, value) => {
    if (value?.$int) return BigInt(value.$int);
    if (typeof value?.$bytes === 'string') return new Uint8Array(Buffer.from(value.$bytes, 'base64'));
    return value;
  });
