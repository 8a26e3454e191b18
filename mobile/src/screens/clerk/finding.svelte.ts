import { backend, type StationParcel } from "../../backend/backend";
import { waybillFrom } from "../pickup/measures";

/** More than any station holds under one name or number. */
const LIMIT = 200;

/** Finds what lies here by what somebody types or scans. */
export class Finding {
  #typed = $state("");
  #found = $state.raw<readonly string[]>([]);
  #searching: Promise<void> = Promise.resolve();

  get typed(): string {
    return this.#typed;
  }

  set typed(typed: string) {
    this.#typed = typed;
    this.#searching = this.#search(typed);
  }

  /** Those of these parcels that were found; a whole waybill number finds its own parcel alone. */
  of(parcels: readonly StationParcel[]): readonly StationParcel[] {
    const exact = exactIn(parcels, this.#typed);
    return exact ? [exact] : parcels.filter(({ record }) => this.#found.includes(record));
  }

  get isEmpty(): boolean {
    return this.#typed.trim() === "";
  }

  /** Waits until what was found is what is typed now: before that it is what was typed earlier. */
  async settled(): Promise<void> {
    await this.#searching;
  }

  async #search(typed: string): Promise<void> {
    const items = typed.trim() === "" ? [] : await backend().search(typed, null, LIMIT);
    if (typed === this.#typed) this.#found = items.map(({ record }) => record);
  }
}

/** The parcel whose waybill number this is, whole; case, width and spaces do not matter. */
export function exactIn(parcels: readonly StationParcel[], typed: string): StationParcel | undefined {
  const number = waybillFrom(typed);
  return number === null ? undefined : parcels.find(({ waybill }) => waybill === number);
}
