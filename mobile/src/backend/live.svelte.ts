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

/** What is read at the moment, by whoever shows it. */
// Not reactive either: a screen comes into it when it is set up, and leaves it when it goes.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const shown = new Set<() => Promise<void>>();

/** Reads again all that is shown: while the app was locked, nothing could be read. */
export async function readAgain(): Promise<void> {
  await Promise.all([...shown].map((refresh) => refresh()));
}

/** Forgets what was read: somebody else is at this device now. */
export function forgetAll(): void {
  remembered.clear();
}

/** So long a change is let settle: an act of one's own reads by itself, and a sync tells of many changes in a row. */
const SETTLE_MS = 30;

/**
 * Reads now, and again whenever records changed; to be called while a component is set up. It reads once at a time:
 * what changes meanwhile is read once more, when that is done.
 *
 * `name` tells one reading from another: the command, and what it was asked for.
 */
export function live<T>(name: string, read: () => Promise<T>): Live<T> {
  let value = $state.raw(remembered.get(name) as T | undefined);
  let error = $state<string>();
  let reading: Promise<void> | undefined;
  let isStale = false;
  let settling: ReturnType<typeof setTimeout> | undefined;

  async function readUntilFresh(): Promise<void> {
    do {
      isStale = false;
      try {
        const answer = await read();
        remembered.set(name, answer);
        value = answer;
        error = undefined;
      } catch (thrown) {
        error = codeOf(thrown);
      }
    } while (isStale);
    reading = undefined;
  }

  function refresh(): Promise<void> {
    clearTimeout(settling);
    settling = undefined;
    isStale = true;
    return (reading ??= readUntilFresh());
  }

  const stop = backend().onChanged(() => (settling ??= setTimeout(() => void refresh(), SETTLE_MS)));
  shown.add(refresh);
  onDestroy(() => {
    shown.delete(refresh);
    stop();
    clearTimeout(settling);
  });
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
