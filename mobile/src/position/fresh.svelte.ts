import type { Fix } from "../backend/backend";
import { here } from "./here";

/** Who rides on for longer than this is elsewhere. */
const FRESH_MS = 60_000;

/** Where this phone is, as a screen that stays open keeps asking. */
export interface Located {
  /** Where it was found last; null before that. */
  readonly last: Fix | null;
  /** Asks again. */
  ask(): Promise<void>;
  /** Where it is now: what was found less than a minute ago, else null. */
  fresh(): Fix | null;
}

/** `onfound` is called whenever it is found. */
export function locating(onfound: () => void = () => undefined): Located {
  let last = $state.raw<Fix | null>(null);
  let foundMs = 0;

  async function ask(): Promise<void> {
    const fix = await here();
    if (!fix) return;
    last = fix;
    foundMs = performance.now();
    onfound();
  }

  return {
    get last() {
      return last;
    },
    ask,
    fresh: () => (performance.now() - foundMs < FRESH_MS ? last : null),
  };
}
