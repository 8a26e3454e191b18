import { backend, type StationParcel } from "../../backend/backend";

/** More than any station holds under one name or number. */
const LIMIT = 200;

/** Finds what lies here by what somebody types or scans. */
export class Finding {
  #typed = $state("");
  #found = $state.raw<readonly string[]>([]);

  get typed(): string {
    return this.#typed;
  }

  set typed(typed: string) {
    this.#typed = typed;
    void this.#search(typed);
  }

  /** Those of these parcels that were found; a whole waybill number finds its own parcel alone. */
  of(parcels: readonly StationParcel[]): readonly StationParcel[] {
    const number = this.#typed.trim().toUpperCase();
    const exact = parcels.filter(({ waybill }) => waybill === number);
    return exact.length > 0 ? exact : parcels.filter(({ record }) => this.#found.includes(record));
  }

  get isEmpty(): boolean {
    return this.#typed.trim() === "";
  }

  async #search(typed: string): Promise<void> {
    const items = typed.trim() === "" ? [] : await backend().search(typed, null, LIMIT);
    if (typed === this.#typed) this.#found = items.map(({ record }) => record);
  }
}
