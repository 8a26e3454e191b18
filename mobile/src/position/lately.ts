import type { Position } from "../backend/backend";
import { here } from "./here";

/** A rider is far from where they were after so long. */
const LATELY_MS = 10 * 60_000;

let last: { position: Position; askedMs: number } | undefined;

/** Where this phone was when it was last asked for, if that is not long ago. It is kept nowhere but here. */
export function lately(): Position | null {
  return last && performance.now() - last.askedMs < LATELY_MS ? last.position : null;
}

/** Asks where this phone is, once; where it cannot say now, where it was lately. */
export async function locate(): Promise<Position | null> {
  const fix = await here();
  if (fix) last = { position: fix.position, askedMs: performance.now() };
  return lately();
}
