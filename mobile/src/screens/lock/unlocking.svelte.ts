import { backend } from "../../backend/backend";
import { codeOf } from "../../backend/errors";
import { errorText } from "../../texts/codes";
import { t } from "../../texts/texts.svelte";
import { waitText } from "./wait";

/** How often the time that is still to wait is told anew. */
const TICK_MS = 250;

/** Asks whether a PIN is the right one, and waits as long as it must before the next try. */
export class Unlocking {
  #said = $state<{ wrong: boolean; code: string | undefined }>({ wrong: false, code: undefined });
  #leftMs = $state(0);
  #asking = $state(false);

  /** Whether no PIN is taken now. */
  get waits(): boolean {
    return this.#asking || this.#leftMs > 0;
  }

  /** What came of the last PIN; empty before the first. */
  get answer(): string {
    if (this.#said.code !== undefined) return errorText(this.#said.code);
    const wrong = this.#said.wrong ? [t.lock_wrong()] : [];
    const wait = this.#leftMs > 0 ? [t.lock_wait({ time: waitText(this.#leftMs) })] : [];
    return [...wrong, ...wait].join(" ");
  }

  /** Tries a PIN; answers whether it was the right one. */
  async try(pin: string): Promise<boolean> {
    if (this.waits) return false;
    this.#asking = true;
    try {
      const outcome = await backend().unlock(pin);
      if (outcome.unlock === "open") {
        this.#said = { wrong: false, code: undefined };
        return true;
      }
      this.#said = { wrong: outcome.unlock === "wrong", code: undefined };
      this.#waitFor(outcome.wait_ms);
    } catch (thrown) {
      this.#said = { wrong: false, code: codeOf(thrown) };
    } finally {
      this.#asking = false;
    }
    return false;
  }

  #waitFor(ms: number): void {
    const until = performance.now() + ms;
    const tick = () => {
      this.#leftMs = Math.max(0, until - performance.now());
      if (this.#leftMs > 0) setTimeout(tick, Math.min(TICK_MS, this.#leftMs));
    };
    tick();
  }
}
