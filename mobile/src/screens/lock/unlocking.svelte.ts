import { backend } from "../../backend/backend";
import { codeOf } from "../../backend/errors";
import { errorText } from "../../texts/codes";
import { t } from "../../texts/texts.svelte";
import { CountDown } from "./count-down.svelte";
import { waitText } from "./wait";

/** Asks whether a PIN is the right one, and waits as long as it must before the next try. */
export class Unlocking {
  #said = $state<{ wrong: boolean; code: string | undefined }>({ wrong: false, code: undefined });
  readonly #wait = new CountDown();
  #asking = $state(false);

  /** Whether no PIN is taken now. */
  get waits(): boolean {
    return this.#asking || this.#wait.leftMs > 0;
  }

  /** What came of the last PIN; empty before the first. */
  get answer(): string {
    if (this.#said.code !== undefined) return errorText(this.#said.code);
    const wrong = this.#said.wrong ? [t.lock_wrong()] : [];
    const wait = this.#wait.leftMs > 0 ? [t.lock_wait({ time: waitText(this.#wait.leftMs) })] : [];
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
      this.#wait.start(outcome.wait_ms);
    } catch (thrown) {
      this.#said = { wrong: false, code: codeOf(thrown) };
    } finally {
      this.#asking = false;
    }
    return false;
  }
}
