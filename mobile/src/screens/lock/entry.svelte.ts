import { latinDigits } from "../../texts/amounts";

/** How many digits a PIN has. */
export const PIN_LENGTH = 6;

/** Whether a text could be a PIN. */
export function isLikePin(text: string): boolean {
  return text.length === PIN_LENGTH && /^\d+$/.test(latinDigits(text));
}

/** Digits as somebody enters them; `whole` is called with each PIN that is complete, and the digits go. */
export class PinEntry {
  #digits = $state("");
  readonly #whole: (pin: string) => void;

  constructor(whole: (pin: string) => void) {
    this.#whole = whole;
  }

  get count(): number {
    return this.#digits.length;
  }

  get isFull(): boolean {
    return this.count >= PIN_LENGTH;
  }

  /** One more digit; the last one of a PIN completes it. */
  add(digit: string): void {
    if (this.isFull) return;
    this.put(digit);
    if (this.isFull) this.complete();
  }

  /** One more digit, without completing anything. */
  put(digit: string): void {
    this.#digits += digit;
  }

  complete(): void {
    const pin = this.#digits;
    this.clear();
    this.#whole(pin);
  }

  erase(): void {
    this.#digits = this.#digits.slice(0, -1);
  }

  clear(): void {
    this.#digits = "";
  }
}
