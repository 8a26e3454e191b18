import type { Person, ScanFor } from "../../backend/backend";

/** Whoever scans, as far as it decides what a scan records. */
export type Scanning = Pick<Person, "role" | "station">;

/**
 * What a parcel in the hand is scanned for: a clerk's station takes it in, a courier takes it along, `from` a station
 * if it lay at one. None for a clerk whose station is not known here.
 */
export function inHand(who: Scanning | null | undefined, from: string | null = null): ScanFor | undefined {
  if (!who) return undefined;
  if (who.role !== "clerk") return { for: "loading_out", place: from };
  return who.station === null ? undefined : { for: "scanning_in", place: who.station };
}
