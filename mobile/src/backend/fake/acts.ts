import type { Backend, RecordPage } from "../backend";
import { sampleErrand } from "./errand";
import { sampleItem } from "./item";
import { samplePage } from "./page";
import { samplePickup } from "./pickup";
import { sampleAppeal, sampleTip } from "./reports";
import { says } from "./says";

/** What a record's name in this backend says that it is. */
const PAGES: readonly [prefix: string, page: (over: Partial<RecordPage>) => RecordPage][] = [
  ["sample-pickup", samplePickup],
  ["sample-errand", sampleErrand],
  ["sample-tip", sampleTip],
  ["sample-appeal", sampleAppeal],
];

function pageOf(record: string): RecordPage {
  const [, page] = PAGES.find(([prefix]) => record.startsWith(prefix)) ?? ["", samplePage];
  return page({ record });
}

export const fakeActs = {
  show: (record) => Promise.resolve(pageOf(record)),
  record: (drafts) => Promise.resolve(drafts.map((_, n) => `7:${n + 30}`)),
  undo: (facts) => Promise.resolve(facts.map((_, n) => `7:${n + 40}`)),
  correct: says("7:41"),
  editNotes: says(undefined),
  scan: (waybill) => Promise.resolve({ scan: "known", record: `sample-${waybill}` }),
  deliver: ({ records }) => Promise.resolve({ outcome: "done", facts: records.map((_, n) => `7:${n + 10}`) }),
  fail: ({ records }) => Promise.resolve({ outcome: "done", facts: records.map((_, n) => `7:${n + 20}`) }),
  handOver: says(["7:21"]),
  takeOver: says(["7:22"]),
  returnToStation: says(["7:23"]),
  newPickup: says("sample-pickup-new"),
  newErrand: says({ errand: "saved" as const, record: "sample-errand-new" }),
  carriers: says([
    sampleItem(1, { record: "sample-carrier", kind: "carrier", status: "open", title: "样例速递" }),
  ]),
} satisfies Partial<Backend>;
