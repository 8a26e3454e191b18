import type { RouteItem } from "../../backend/backend";
import { isCarried } from "../handover/carried";

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
  const carried = parcels.filter(isCarried);
  return (carried.length > 0 ? carried : parcels).map((parcel) => parcel.record);
}
