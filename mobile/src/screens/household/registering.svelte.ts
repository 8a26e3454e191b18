import { backend } from "../../backend/backend";
import { latinDigits } from "../../texts/amounts";
import { acting } from "../acting.svelte";

/** A household while it is being registered: what delivering needs to know of it, and no more. */
export class Registering {
  name = $state("");
  language = $state("kk-Arab");
  phone = $state("");
  #tried = $state(false);
  readonly #acts = acting();
  readonly #number = $derived(latinDigits(this.phone).replace(/[\s-]/g, ""));
  readonly #isPhone = $derived(this.#number === "" || /^\+?\d{3,19}$/.test(this.#number));

  /** `typed` of its name already, where it was looked for. */
  constructor(typed = "") {
    this.name = typed;
  }

  /** What is missing is told once saving was tried. */
  get lacksName(): boolean {
    return this.#tried && !this.name.trim();
  }

  get hasBadPhone(): boolean {
    return this.#tried && !this.#isPhone;
  }

  get busy(): boolean {
    return this.#acts.busy;
  }

  get error(): string | undefined {
    return this.#acts.error;
  }

  /** Registers it; its record, or nothing where something is missing or it was refused. */
  async save(): Promise<string | undefined> {
    this.#tried = true;
    const name = this.name.trim();
    if (!name || !this.#isPhone) return undefined;
    const phone = this.#number || null;
    return this.#acts.run(() =>
      backend().registerHousehold({ name, language: this.language, drop_point: null, phone }),
    );
  }
}
