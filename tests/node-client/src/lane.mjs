// A lane of values in packed plan changes: a tag for each, then what each kind of tag needs, column by column.
import { NO_VALUE, VALUE } from './chunk.mjs';
import { ColumnWriter } from './varint.mjs';

const SAME = 16;
const SHORTEST_NEW = 4;
const LONGEST_NEW = 64;
const MAX_VALUE_BYTES = 16_384;

/** Gives each of `rows` its `value`, `{ type, raw }` as Automerge writes it. */
export function readLane(reader, rows) {
  const values = rows.map(() => ({ tag: Number(reader.uint()) }));
  const tagged = (...tags) => values.filter(({ tag }) => tags.includes(tag));
  for (const value of tagged(VALUE.uint)) value.raw = leb('uint', reader.uint());
  for (const type of [VALUE.int, VALUE.timestamp]) {
    let last = 0n;
    for (const value of tagged(type)) value.raw = leb('sint', (last = BigInt.asIntN(64, last + reader.sint())));
  }
  const sized = tagged(VALUE.text, VALUE.bytes);
  for (const value of sized) value.length = reader.below(MAX_VALUE_BYTES + 1);
  for (const value of tagged(VALUE.float, VALUE.text, VALUE.bytes)) value.raw = reader.raw(value.length ?? 8);

  const seen = [];
  values.forEach((value, i) => {
    rows[i].value = valueOf(value, seen);
    const isNew = value.tag === VALUE.text || value.tag === VALUE.bytes;
    if (isNew && value.length >= SHORTEST_NEW && value.length <= LONGEST_NEW) seen.push(rows[i].value);
  });
}

function valueOf({ tag, raw }, seen) {
  if (tag >= SAME) {
    if (!seen[tag - SAME]) throw new Error('a value is the same as none');
    return seen[tag - SAME];
  }
  if (!Object.values(VALUE).includes(tag)) throw new Error(`a value has tag ${tag}`);
  return { type: tag, raw: raw ?? NO_VALUE.raw };
}

function leb(kind, value) {
  const column = new ColumnWriter();
  column[kind](value);
  return column.done();
}
