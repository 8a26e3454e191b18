import type { Backend, Route, Stop, StopPage } from "../backend";
import { NAMES, pick, PLACE_NAMES, sampleItem, SAMPLE_NOW_MS } from "./item";
import { SAMPLE_CONSENT } from "./people";
import { says } from "./says";

export function sampleStop(n: number): Stop {
  const items = Array.from({ length: 1 + (n % 3) }, (_, i) => sampleItem(n * 10 + i));
  return {
    key: `sample-stop-${n}`,
    place: `sample-place-${n % 2}`,
    household: `sample-household-${n}`,
    items,
    cash_fen: items.reduce((sum, item) => sum + item.cash_fen, 0),
    household_name: pick(NAMES, n),
    place_names: pick(PLACE_NAMES, n),
    position: { lat_e7: 480_584_100 + n * 10_000, lon_e7: 864_162_900 + n * 7_000 },
    landmark: n % 2 === 0 ? "样例桥东，白毡房" : "",
    language: n % 2 === 0 ? "zh-Hans" : "kk-Arab",
    to_hand_over: items.length,
    to_collect: n % 5 === 0 ? 1 : 0,
    errands: n % 7 === 0 ? 1 : 0,
    follow_ups: 0,
    overdue: 0,
    cold_chain: n % 3 === 0,
    urgent: n === 0,
    cold_since_ms: n % 3 === 0 ? SAMPLE_NOW_MS - 80 * 60_000 : null,
    comes_first: n === 0,
    is_near: false,
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
    handed_over: [],
  };
}

export function sampleStopPage(stop: string): StopPage {
  const n = Number(stop.replace(/\D/g, "")) || 0;
  return {
    stop: { ...sampleStop(n), key: stop },
    phones_known: true,
    contacts: [
      {
        record: "sample-household-1",
        kind: "household",
        name: "样例甲",
        names: { "": "样例甲" },
        is_callable: true,
      },
    ],
    language: "zh-Hans",
    way: {
      to: "sample-camp",
      names: {},
      position: { lat_e7: 480_584_100, lon_e7: 864_162_900 },
      is_near: false,
      from: "station",
      metres: 2340,
      bearing_deg: 63,
      landmark: "样例桥东，白毡房",
      directions: "过样例桥后走右边的土路",
      not_direct: [],
      map_links: {
        geo: "geo:48.058410,86.416290",
        amap: "https://amap.invalid/",
        baidu: "https://baidu.invalid/",
      },
    },
    consents: [SAMPLE_CONSENT],
    later: [],
    by_addressee: [sampleStop(n).items.map(({ record }) => record)],
  };
}

export const fakeRouting = {
  today: says(sampleRoute(12)),
  carried: says(sampleRoute(12).stops.flatMap(({ items }) => items)),
  doneToday: says([sampleItem(90), sampleItem(91), sampleItem(92)]),
  orderStops: says({ stops: 12, moved: 4 }),
  moveStop: says({ stops: 12, moved: 1 }),
  stop: (stop) => Promise.resolve(sampleStopPage(stop)),
  wayTo: (record) => Promise.resolve(sampleStopPage(record).way),
  call: says(true),
  message: says(true),
  openMap: says(undefined),
  search: (typed, _kind, limit) => {
    const found = typed === "" ? 0 : Math.min(limit, 3);
    return Promise.resolve(Array.from({ length: found }, (_, n) => sampleItem(n)));
  },
} satisfies Partial<Backend>;
