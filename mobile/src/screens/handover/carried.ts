import type { RouteItem } from "../../backend/backend";

/** States in which a parcel is with the courier whose route it is on. */
const CARRIED = new Set(["in_bag", "attempted", "refused"]);

/** Whether a courier has it with them. */
export function isCarried(item: Pick<RouteItem, "kind" | "status" | "why">): boolean {
  return item.kind === "delivery" && item.why === "mine" && CARRIED.has(item.status);
}
