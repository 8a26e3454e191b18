import type { Names, RouteItem, Route, Stop } from "../records";

/** Sample names; nobody is called so. */
const NAMES = ["样例甲", "样例乙", "样例丙", "样例丁", "ۇلگى ا", "ۇلگى ب"];
const PLACES: Names[] = [
  { "zh-Hans": "样例一村", "kk-Arab": "ۇلگى ٴبىرىنشى قىستاق" },
  { "zh-Hans": "样例二村", "kk-Arab": "ۇلگى ەكىنشى قىستاق" },
];

/** The moment at which all samples stand: 2026-06-02 10:20 Beijing time. */
export const SAMPLE_NOW_MS = Date.UTC(2026, 5, 2, 2, 20);

function pick<T>(all: readonly T[], n: number): T {
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
    place_names: pick(PLACES, n),
    place: `sample-place-${n % 2}`,
    waybill: `SB${String(n).padStart(10, "0")}`,
    due_from_ms: null,
    due_until_ms: SAMPLE_NOW_MS + (n % 5) * 3_600_000,
    cash_fen: n % 4 === 0 ? 12_850 : 0,
    flags: n % 3 === 0 ? 1 : 0,
    discrepancies: 0,
    whereabouts: n % 2 === 0 ? "county" : "this_phone",
    ...over,
  };
}

export function sampleStop(n: number): Stop {
  const items = Array.from({ length: 1 + (n % 3) }, (_, i) => sampleItem(n * 10 + i));
  return {
    key: `sample-stop-${n}`,
    place: `sample-place-${n % 2}`,
    household: `sample-household-${n}`,
    items,
    cash_fen: items.reduce((sum, item) => sum + item.cash_fen, 0),
    title: pick(NAMES, n),
    position: { lat_e7: 480_584_100 + n * 10_000, lon_e7: 864_162_900 + n * 7_000 },
    landmark: n % 2 === 0 ? "样例桥东，白毡房" : "",
    language: n % 2 === 0 ? "zh_hans" : "kk_arab",
    to_hand_over: items.length,
    to_collect: n % 5 === 0 ? 1 : 0,
    errands: n % 7 === 0 ? 1 : 0,
    cold_chain: n % 3 === 0,
    urgent: n === 0,
    cold_since_ms: n % 3 === 0 ? SAMPLE_NOW_MS - 80 * 60_000 : null,
    comes_first: n === 0,
  };
}

/** A day's route of so many stops. */
export function sampleRoute(stops: number): Route {
  return {
    now_ms: SAMPLE_NOW_MS,
    time_is_sure: true,
    day: 20_606,
    stops: Array.from({ length: stops }, (_, n) => sampleStop(n)),
    done_today: 3,
  };
}
