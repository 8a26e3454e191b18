import type { Item } from "../backend/backend";
import { go } from "../navigation/router.svelte";

/** How to open the page of what a list shows; none for kinds without a page of their own. */
export function opener({
  kind,
  record,
  household,
}: Pick<Item, "kind" | "record" | "household">): (() => void) | undefined {
  switch (kind) {
    case "delivery":
    case "pickup":
    case "errand":
    case "household":
    case "place":
    case "tip":
    case "appeal":
      return () => go(kind, { record });
    case "camp":
    case "consent":
      return household === null ? undefined : () => go("household", { record: household });
    case "cash_pass":
    case "hand_in":
      return () => go("cash");
    default:
      return undefined;
  }
}
