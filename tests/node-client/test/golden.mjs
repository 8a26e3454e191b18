// The golden vectors of the Rust crates, read as data: lines of a name and hexadecimal digits.
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../../../core/${path}`, import.meta.url), 'utf8');
const lines = (path) =>
  read(path)
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

export const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));

/** Map of a name to bytes. */
export const goldenFacts = () => named('records/tests/golden/facts.txt');
export const goldenMessages = () => named('protocol/tests/golden/messages.txt');

/** Map of `start 1`, `change`, `view` to bytes. */
export function goldenPlan(kind) {
  return new Map(
    lines(`records/tests/golden/plan/${kind}.txt`).map((line) => {
      const [name, digits] = line.split(' = ');
      return [name, hex(digits)];
    }),
  );
}

function named(path) {
  return new Map(
    lines(path)
      .map((line) => line.split(' '))
      .map(([name, digits]) => [name, hex(digits)]),
  );
}
