import { expect, test } from "vitest";
import { encodeStrokes, MAX_BYTES, type Stroke } from "./strokes";

/** Reads what was written, by its description alone. */
function decode(bytes: readonly number[]): Stroke[] {
  let at = 1;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const signed = () => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const strokes: Stroke[] = [];
  while (at < bytes.length) {
    let [x, y] = [0, 0];
    strokes.push(Array.from({ length: varint() }, () => ({ x: (x += signed()), y: (y += signed()) })));
  }
  return strokes;
}

test("writes strokes that can be read again", () => {
  const drawn = [
    [
      { x: 10, y: 390 },
      { x: 300, y: 20 },
      { x: 999, y: 0 },
    ],
    [{ x: 500, y: 200 }],
  ];

  const bytes = encodeStrokes(drawn);

  expect(bytes[0]).toBe(1);
  expect(decode(bytes)).toEqual(drawn);
});

test("keeps the shape of a long scrawl within what a record holds", () => {
  const scrawl = Array.from({ length: 20_000 }, (_, n) => ({
    x: Math.round(500 + 490 * Math.sin(n / 90)),
    y: Math.round(200 + 190 * Math.cos(n / 37)),
  }));

  const bytes = encodeStrokes([scrawl]);

  expect(bytes.length).toBeLessThanOrEqual(MAX_BYTES);
  expect(decode(bytes)[0]?.length).toBeGreaterThan(200);
  expect(decode(bytes)[0]?.at(-1)).toEqual(scrawl.at(-1));
});

test("bounds a field full of dots too", () => {
  const dots = Array.from({ length: 5000 }, (_, n) => [{ x: (n * 37) % 1000, y: (n * 91) % 400 }]);

  expect(encodeStrokes(dots).length).toBeLessThanOrEqual(MAX_BYTES);
});
