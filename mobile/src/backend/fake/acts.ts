import type { Acts, FactLine, RecordPage } from "../backend";
import { SAMPLE_PHONE } from "./people";
import { sampleItem, SAMPLE_NOW_MS } from "./item";
import { says } from "./says";

export function sampleFact(over: Partial<FactLine> = {}): FactLine {
  return {
    fact: "7:2",
    kind: "delivery.loaded_out",
    at_ms: SAMPLE_NOW_MS - 90 * 60_000,
    time_is_sure: true,
    by: "sample-person",
    is_own: true,
    fields: {},
    side: [],
    is_voided: false,
    is_newer: false,
    state: "local",
    verdict: null,
    ...over,
  };
}

/** A delivery that is in the bag, loaded out an hour and a half ago. */
export function samplePage(over: Partial<RecordPage> = {}): RecordPage {
  return {
    record: "sample-delivery-1",
    kind: "delivery",
    status: {
      kind: "delivery",
      state: "in_bag",
      phase: "open",
      ended_at_ms: null,
      ended_by: [],
      holders: [],
      handings: [],
      notices: [],
      discrepancies: [],
      credits: [],
    },
    plan: {
      kind: "delivery",
      fields: { name: "样例甲", address: "样例路 1 号", waybill: "SB0000000001" },
      conflicts: [],
      unknown: [],
    },
    facts: [
      sampleFact({ fact: "3:9", kind: "delivery.announced", by: null, is_own: false, state: "county" }),
      sampleFact(),
    ],
    phones: [SAMPLE_PHONE],
    is_whole: true,
    whereabouts: "this_phone",
    is_granted: true,
    names: { "sample-person": { kind: "colleague", names: { "": "样例骑手" } } },
    ...over,
  };
}

export const fakeActs: Acts = {
  show: (record) => Promise.resolve(samplePage({ record })),
  record: (drafts) => Promise.resolve(drafts.map((_, n) => `7:${n + 30}`)),
  undo: (facts) => Promise.resolve(facts.map((_, n) => `7:${n + 40}`)),
  correct: says("7:41"),
  editNotes: says(undefined),
  scan: (waybill) => Promise.resolve({ scan: "known", record: `sample-${waybill}` }),
  deliver: ({ records }) => Promise.resolve({ outcome: "done", facts: records.map((_, n) => `7:${n + 10}`) }),
  fail: ({ records }) => Promise.resolve(records.map((_, n) => `7:${n + 20}`)),
  checkPickupCode: says({ check: "right" as const }),
  handOver: says(["7:21"]),
  takeOver: says(["7:22"]),
  returnToStation: says(["7:23"]),
  newPickup: says("sample-pickup-new"),
  newErrand: says({ errand: "saved" as const, record: "sample-errand-new" }),
  carriers: says([
    sampleItem(1, { record: "sample-carrier", kind: "carrier", status: "open", title: "样例速递" }),
  ]),
};
