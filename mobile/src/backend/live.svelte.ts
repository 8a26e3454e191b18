import { onDestroy } from "svelte";
import { backend } from "./backend";
import { codeOf } from "./errors";

/** What a screen reads: the latest answer, and the code of what went wrong at the last try. */
export interface Live<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  /** Reads again, after an act of one's own. */
  refresh(): Promise<void>;
}

/** The last answers, so that a screen that one comes back to is there at once. */
// Not reactive: a screen reads it once, when it is set up.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const remembered = new Map<string, unknown>();

/** Forgets what was read: somebody else is at this device now. */
export function forgetAll(): void {
  remembered.clear();
}

/**
 * Reads now, and again whenever records changed; to be called while a component is set up.
 *
 * `name` tells one reading from another: the command, and what it was asked for.
 */
export function live<T>(name: string, read: () => Promise<T>): Live<T> {
  let value = $state.raw(remembered.get(name) as T | undefined);
  let error = $state<string>();
  let latest = 0;

  async function refresh(): Promise<void> {
    const mine = ++latest;
    try {
      const answer = await read();
      if (mine !== latest) return;
      remembered.set(name, answer);
      value = answer;
      error = undefined;
    } catch (thrown) {
      if (mine === latest) error = codeOf(thrown);
    }
  }

  onDestroy(backend().onChanged(() => void refresh()));
  void refresh();

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    refresh,
  };
}
