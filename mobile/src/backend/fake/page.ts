import type { FactLine, RecordPage } from "../backend";
import { SAMPLE_NOW_MS } from "./item";
import { SAMPLE_PHONE } from "./people";

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
    words: null,
    ...over,
  };
}

const BY_CLERK = { by: "sample-clerk", is_own: false, state: "county" } as const;

/** What happened to a delivery: tried in vain yesterday, and in the bag again since an hour and a half. */
const SAMPLE_HISTORY: FactLine[] = [
  sampleFact({
    fact: "3:9",
    kind: "delivery.announced",
    at_ms: SAMPLE_NOW_MS - 30 * 3_600_000,
    by: null,
    is_own: false,
    state: "county",
  }),
  sampleFact({
    ...BY_CLERK,
    fact: "4:12",
    kind: "delivery.scanned_in",
    at_ms: SAMPLE_NOW_MS - 28 * 3_600_000,
    fields: { place: "sample-station" },
  }),
  sampleFact({
    fact: "7:1",
    kind: "delivery.attempted",
    at_ms: SAMPLE_NOW_MS - 20 * 3_600_000,
    time_is_sure: false,
    fields: { reason: { list: "failure_reason", code: 1, name: "recipient_absent" }, calls: 2 },
    side: ["position"],
    state: "county",
  }),
  sampleFact(),
];

/** A delivery that is in the bag, loaded out an hour and a half ago. */
export function samplePage(over: Partial<RecordPage> = {}): RecordPage {
  return {
    record: "sample-delivery-1",
    kind: "delivery",
    status: {
      kind: "delivery",
      state: "in_bag",
      courier: 7,
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
    facts: SAMPLE_HISTORY,
    phones: [SAMPLE_PHONE],
    is_whole: true,
    whereabouts: "this_phone",
    in_my_bag: true,
    is_granted: true,
    names: {
      "sample-person": { kind: "colleague", names: { "": "样例骑手" } },
      "sample-clerk": { kind: "colleague", names: { "": "样例站员" } },
      "sample-station": { kind: "place", names: { "zh-Hans": "样例镇站点", "kk-Arab": "ۇلگى بەكەتى" } },
    },
    ...over,
  };
}
