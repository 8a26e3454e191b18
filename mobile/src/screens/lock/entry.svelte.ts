/** How many digits a PIN has. */
export const PIN_LENGTH = 6;

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

  add(digit: string): void {
    this.#digits += digit;
    if (this.#digits.length < PIN_LENGTH) return;
    const pin = this.#digits;
    this.#digits = "";
    this.#whole(pin);
  }

  erase(): void {
    this.#digits = this.#digits.slice(0, -1);
  }

  clear(): void {
    this.#digits = "";
  }
}
