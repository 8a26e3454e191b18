import type { Names, RouteItem } from "../backend";

/** Sample names; nobody is called so. */
export const NAMES = ["样例甲", "样例乙", "样例丙", "样例丁", "ۇلگى ا", "ۇلگى ب"];
export const PLACE_NAMES: Names[] = [
  { "zh-Hans": "样例一村", "kk-Arab": "ۇلگى ٴبىرىنشى قىستاق", en: "Sample village one" },
  { "zh-Hans": "样例二村", "kk-Arab": "ۇلگى ەكىنشى قىستاق", en: "Sample village two" },
];

/** The moment at which all samples stand: 2026-06-02 10:20 Beijing time. */
export const SAMPLE_NOW_MS = Date.UTC(2026, 5, 2, 2, 20);

/** The one that comes at this number, over and over. */
export function pick<T>(all: readonly T[], n: number): T {
  return all[n % all.length] as T;
}

export function sampleItem(n: number, over: Partial<RouteItem> = {}): RouteItem {
  return {
    why: "mine",
    record: `sample-delivery-${n}`,
    kind: "delivery",
    status: "in_bag",
    title: pick(NAMES, n),
    address: `样例路 ${n} 号`,
    household_name: pick(NAMES, n),
    household: `sample-household-${n}`,
    place_names: pick(PLACE_NAMES, n),
    place: `sample-place-${n % 2}`,
    waybill: `SB${String(n).padStart(10, "0")}`,
    due_from_ms: null,
    due_until_ms: SAMPLE_NOW_MS + (n % 5) * 3_600_000,
    cash_fen: n % 4 === 0 ? 12_850 : 0,
    flags: n % 3 === 0 ? 1 : 0,
    discrepancies: 0,
    whereabouts: n % 2 === 0 ? "county" : "this_phone",
    phone_tail: "",
    ...over,
  };
}
