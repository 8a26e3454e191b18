import type { StopPage } from "../../backend/backend";

/** The records of all who are called about a stop: its contacts, its household and those its parcels are for. */
export function callable({ stop, contacts }: Pick<StopPage, "stop" | "contacts">): string[] {
  const records = [...contacts, ...stop.items].map(({ record }) => record);
  return [...new Set(stop.household === null ? records : [...records, stop.household])];
}
