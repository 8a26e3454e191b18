import { latinDigits } from "../../texts/amounts";
import type { PinEntry } from "./entry.svelte";

/** No hand presses two keys within this time. */
const FASTER_THAN_A_HAND_MS = 30;

/** Whoever types has ended when no key came for so long; a slow scanner's keys come closer. */
const PAUSE_MS = 250;

/** What a key did to the PIN. */
export type Pressed = "taken" | "not_for_it" | "of_a_scan";

/**
 * A PIN as a keyboard types it. A scanner poses as a keyboard, and a wrong PIN costs a wait: what comes faster than a
 * hand, goes on past a PIN's digits, holds anything but digits, or ends in Enter at once is a scan and never a try.
 */
export class TypedPin {
  readonly #entry: PinEntry;
  #lastMs = -Infinity;
  #isScan = false;
  #completing: ReturnType<typeof setTimeout> | undefined;

  constructor(entry: PinEntry) {
    this.#entry = entry;
  }

  /** A key, and when it was pressed. `isTaken`: whether a PIN may be entered at the moment. */
  press(key: string, atMs: number, isTaken: boolean): Pressed {
    const isWithin = atMs - this.#lastMs < PAUSE_MS;
    if (key === "Backspace") return this.#erase(isTaken);
    if (key === "Enter" || key === " ") return isWithin ? this.#scan() : "not_for_it";
    if (key.length !== 1) return "not_for_it";
    const isTooFast = atMs - this.#lastMs < FASTER_THAN_A_HAND_MS;
    this.#lastMs = atMs;
    this.#isScan &&= isWithin;
    const digit = latinDigits(key);
    const isPastIt = this.#completing !== undefined;
    if (this.#isScan || isTooFast || isPastIt || !isTaken || !/^\d$/.test(digit)) return this.#scan();
    this.#entry.put(digit);
    if (this.#entry.isFull) this.#completing = setTimeout(() => this.#complete(), PAUSE_MS);
    return "taken";
  }

  /** Forgets a PIN that waits to be tried. */
  stop(): void {
    clearTimeout(this.#completing);
    this.#completing = undefined;
  }

  #complete(): void {
    this.stop();
    this.#entry.complete();
  }

  #erase(isTaken: boolean): Pressed {
    this.stop();
    if (isTaken) this.#entry.erase();
    return "taken";
  }

  #scan(): Pressed {
    this.stop();
    this.#isScan = true;
    this.#entry.clear();
    return "of_a_scan";
  }
}
