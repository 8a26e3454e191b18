import type { RouteItem } from "../../backend/backend";

/** States in which a courier has a parcel with them. */
const CARRIED = new Set(["in_bag", "attempted", "refused"]);

/** What can be handed over at a stop by one act: the deliveries that are to be brought there. */
export function parcelsOf(items: readonly RouteItem[]): RouteItem[] {
  return items.filter((item) => item.kind === "delivery" && item.why === "mine");
}

/** What else is to do there, each on a page of its own. */
export function othersOf(items: readonly RouteItem[]): RouteItem[] {
  return items.filter((item) => item.kind !== "delivery" || item.why !== "mine");
}

/** The parcels that are ticked at first: those that the courier has with them, or all where nobody loaded any. */
export function tickedAtFirst(parcels: readonly RouteItem[]): string[] {
  const carried = parcels.filter((parcel) => CARRIED.has(parcel.status));
  return (carried.length > 0 ? carried : parcels).map((parcel) => parcel.record);
}

/** Cash that is due for these parcels, each that has any. */
export function cashFor(parcels: readonly RouteItem[]): { record: string; fen: number }[] {
  return parcels
    .filter(({ cash_fen }) => cash_fen > 0)
    .map(({ record, cash_fen }) => ({ record, fen: cash_fen }));
}
