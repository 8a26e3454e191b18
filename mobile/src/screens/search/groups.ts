import type { Item, RecordKind } from "../../backend/backend";
import { t } from "../../texts/texts.svelte";
import { waybillFrom } from "../pickup/measures";

/** What was found of one kind. */
export interface Group {
  readonly kind: RecordKind | "other";
  readonly title: () => string;
  readonly items: readonly Item[];
}

/** The kinds that couriers look for, in the order in which they are shown. */
const TITLES: readonly (readonly [RecordKind, () => string])[] = [
  ["delivery", () => t.search_group_delivery()],
  ["pickup", () => t.search_group_pickup()],
  ["errand", () => t.search_group_errand()],
  ["household", () => t.search_group_household()],
  ["place", () => t.search_group_place()],
];

/** What was found, by kind; within a kind in the order in which it was found. */
export function groupsOf(items: readonly Item[]): Group[] {
  const named = TITLES.map(([kind, title]) => ({
    kind,
    title,
    items: items.filter((item) => item.kind === kind),
  }));
  const others = items.filter((item) => !TITLES.some(([kind]) => kind === item.kind));
  const groups: Group[] = [...named, { kind: "other", title: () => t.search_group_other(), items: others }];
  return groups.filter((group) => group.items.length > 0);
}

/** The parcel whose waybill number this is, whole; case, width and spaces do not matter. */
export function exactIn(items: readonly Item[], typed: string): Item | undefined {
  const waybill = waybillFrom(typed);
  return waybill === null
    ? undefined
    : items.find((item) => item.kind === "delivery" && item.waybill === waybill);
}
