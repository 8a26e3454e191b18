import type { Backend, Person, Salvaged, Settings, Started } from "../backend";
import { SAMPLE_NOW_MS } from "./item";
import { says, silent } from "./says";

export const SAMPLE_SETTINGS: Settings = {
  language: "zh-Hans",
  theme: "system",
  text_size: 1,
  xinjiang_time: false,
  sound: false,
  vibration: false,
};

export const SAMPLE_PERSON: Person = {
  id: "sample-person",
  name: "样例骑手",
  role: "courier",
  station: "sample-station",
};

export const SAMPLE_STARTED: Started = {
  person: SAMPLE_PERSON,
  locked_for: null,
  settings: SAMPLE_SETTINGS,
  is_locked: false,
  has_pin: false,
  key_place: "system",
  store_error: null,
  wiped: null,
  now_ms: SAMPLE_NOW_MS,
};

/** A clerk's computer. */
export const SAMPLE_CLERK: Started = { ...SAMPLE_STARTED, person: { ...SAMPLE_PERSON, role: "clerk" } };

/** As it starts while the PIN stands before it: nobody's name is told. */
export const SAMPLE_LOCKED: Started = {
  ...SAMPLE_STARTED,
  person: null,
  locked_for: { role: "courier", station: "sample-station" },
  has_pin: true,
  is_locked: true,
};

/** What was saved of a damaged store. */
export const SAMPLE_SALVAGED: Salvaged = {
  at_ms: SAMPLE_NOW_MS,
  is_enrolled: true,
  facts: 212,
  facts_lost: 2,
  edits: 3,
  photos: 0,
  photos_lost: 0,
  pages_lost: 1,
};

export const fakeDevice = {
  start: says(SAMPLE_STARTED),
  enrol: says(SAMPLE_PERSON),
  readPicture: says<string[]>([]),
  readEnrolment: says(null),
  salvage: says(SAMPLE_SALVAGED),
  salvagedSeen: says(undefined),
  saveSettings: says(undefined),
  setPin: says(undefined),
  unlock: says({ unlock: "open" as const }),
  lock: says(undefined),
  inUse: says(SAMPLE_NOW_MS),
  thisDevice: says({
    device: 7,
    person: SAMPLE_PERSON,
    station_names: { "zh-Hans": "样例镇寄递服务站", "kk-Arab": "ۇلگى قالاشىعى بەكەتى" },
    server: "https://county.invalid",
    county: "00000000000000000000000000000000",
    store_bytes: 4_300_000,
    clock_is_sure: true,
  }),
  onLocked: silent,
} satisfies Partial<Backend>;
