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

/** Parcels by whom they are for, as the core tells them apart. */
export function addresseesOf(
  parcels: readonly RouteItem[],
  byAddressee: readonly (readonly string[])[],
): RouteItem[][] {
  return byAddressee
    .map((records) => parcels.filter(({ record }) => records.includes(record)))
    .filter((of) => of.length > 0);
}

/**
 * The parcels that are ticked at first: those that the courier has with them, or all where nobody loaded any; but none
 * where they are for several people, of whom one may stand there.
 */
export function tickedAtFirst(addressees: readonly (readonly RouteItem[])[]): string[] {
  const carried = addressees.map((of) => of.filter(isCarried)).filter((of) => of.length > 0);
  const [first, ...others] = carried.length > 0 ? carried : addressees;
  return others.length > 0 ? [] : (first ?? []).map(({ record }) => record);
}
