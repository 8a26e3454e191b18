import type { Backend } from "../backend";
import type { Settings, Started } from "../device";
import { SAMPLE_CONTACTS } from "./people";
import { sampleRoute } from "./today";

export const SAMPLE_SETTINGS: Settings = {
  language: "zh-Hans",
  theme: "system",
  text_size: 1,
  xinjiang_time: false,
  sound: false,
  vibration: false,
};

const STARTED: Started = {
  person: { person: "sample-person", name: "样例骑手", role: "courier", station: "sample-station" },
  settings: SAMPLE_SETTINGS,
  locked: false,
  has_pin: false,
  key_place: "system",
  store_error: null,
};

/** A backend in memory with made-up records, for the gallery and for tests. What is given replaces a command. */
export function fakeBackend(over: Partial<Backend> = {}): Backend {
  return {
    start: () => Promise.resolve(STARTED),
    saveSettings: () => Promise.resolve(),
    today: () => Promise.resolve(sampleRoute(12)),
    whomToAsk: () => Promise.resolve(SAMPLE_CONTACTS),
    call: () => Promise.resolve(),
    onChanged: () => () => undefined,
    onSyncProgress: () => () => undefined,
    ...over,
  };
}
