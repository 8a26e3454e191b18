/** A point on a signature's grid: 1,000 across, 400 down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line drawn without lifting the finger. */
export type Stroke = readonly Point[];

/** The width and height of the grid. */
export const GRID = { width: 1000, height: 400 } as const;

/** What the record keeps of a signature at most, in bytes. */
export const MAX_BYTES = 4096;

/** The form of the bytes; a reader refuses any other. */
const VERSION = 1;

function varint(value: number, into: number[]): void {
  let rest = value;
  while (rest >= 0x80) {
    into.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  into.push(rest);
}

/** A difference that may be negative as one that is not: 0, −1, 1, −2, … */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The points that lie at least so far from the last one that was kept, and the ends. */
function thinned(stroke: Stroke, apart: number): Stroke {
  const kept: Point[] = [];
  stroke.forEach((point, n) => {
    const last = kept.at(-1);
    const isEnd = n === stroke.length - 1;
    if (!last || isEnd || Math.hypot(point.x - last.x, point.y - last.y) >= apart) kept.push(point);
  });
  return kept;
}

function encodeExactly(strokes: readonly Stroke[]): number[] {
  const bytes = [VERSION];
  for (const stroke of strokes) {
    varint(stroke.length, bytes);
    let x = 0;
    let y = 0;
    for (const point of stroke) {
      varint(zigzag(point.x - x), bytes);
      varint(zigzag(point.y - y), bytes);
      ({ x, y } = point);
    }
  }
  return bytes;
}

/**
 * A signature as bytes: a version, then for each stroke the number of its points and each point's difference from the
 * one before, all as variable-length integers. Points are left out until it fits.
 */
export function encodeStrokes(strokes: readonly Stroke[]): number[] {
  for (let apart = 2; ; apart *= 1.5) {
    const bytes = encodeExactly(strokes.map((stroke) => thinned(stroke, apart)));
    if (bytes.length <= MAX_BYTES) return bytes;
    // Nothing is left to thin out where every stroke is down to its ends: somebody dotted the whole field.
    if (apart > GRID.width) return encodeStrokes(strokes.slice(0, Math.floor(strokes.length / 2)));
  }
}
