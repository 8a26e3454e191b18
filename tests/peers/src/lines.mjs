// How a peer's process and the benchmark talk: one JSON value a line, over standard input and output.

import { createInterface } from "node:readline"

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

export function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** The next line; none once the benchmark has closed its end. */
export async function hear() {
  const { value, done } = await lines.next()
  return done ? undefined : JSON.parse(value)
}
