import type { Fix } from "../backend/backend";
import { gate } from "../session.svelte";
import { follow, here } from "./here";

/** Who rides on for longer than this is elsewhere. */
const FRESH_MS = 60_000;

/** Where this phone is, for a screen that stays open. */
export class Located {
  #last = $state.raw<Fix | null>(null);
  #foundMs = 0;

  /** Where it was found last; null before that. */
  get last(): Fix | null {
    return this.#last;
  }

  /** Where it is now: what was found less than a minute ago, else null. */
  readonly fresh = (): Fix | null => (performance.now() - this.#foundMs < FRESH_MS ? this.#last : null);

  /** Asks for it: for an act, where whoever stands still has not moved since long. */
  async ask(): Promise<void> {
    const fix = await here();
    if (fix) this.found(fix);
  }

  found(fix: Fix): void {
    this.#last = fix;
    this.#foundMs = performance.now();
  }
}

/** Follows this phone while the component that is being set up is shown, and no lock stands before it. */
export function following(): Located {
  const where = new Located();
  $effect(() => {
    if (gate() === undefined) return follow((fix) => where.found(fix));
  });
  return where;
}
