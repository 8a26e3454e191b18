import type { FactId, Item, PersonId, RecordId } from "./records";

/** A parcel that lies at the signed-in person's station. */
export interface StationParcel extends Item {
  /** Since when. */
  since_ms: number | null;
  assignee: PersonId | null;
  /** Empty where the name is not known here. */
  assignee_name: string;
  /** Whether a pickup code can be checked here. */
  pickup_code: boolean;
}

/** What a clerk does at a station. */
export interface Station {
  stationParcels(): Promise<StationParcel[]>;
  countCash(courier: PersonId, number: number, station: RecordId, fen: number): Promise<FactId>;
}
