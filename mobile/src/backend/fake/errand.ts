import type { RecordPage, Status } from "../backend";
import { samplePage } from "./page";
import { factsOf } from "./pickup";

/** Shopping with an advance: one thing bought, one not to be had, one open. */
export function sampleErrand(over: Partial<RecordPage> = {}): RecordPage {
  const { status } = samplePage();
  return samplePage({
    record: "sample-errand-1",
    kind: "errand",
    status: { ...status, kind: "errand", state: "bought" } as Status,
    plan: {
      kind: "errand",
      fields: {
        asked_by: "sample-household-1",
        consent: "sample-consent",
        notes: "送到门口",
        shopping: [
          { id: "0000000000000001", text: "面粉", quantity: "25 公斤", or_else: [] },
          { id: "0000000000000002", text: "砖茶", quantity: "两块", or_else: ["散茶"] },
          { id: "0000000000000003", text: "电池", or_else: ["充电电池", "充电灯"] },
        ],
      },
      conflicts: [],
      unknown: [],
    },
    facts: factsOf(
      "errand",
      ["accepted"],
      ["advance_given", { fields: { from: "sample-household-1", to: "sample-person", fen: 20_000 } }],
      ["bought", { fields: { item: "0000000000000001", name: "面粉", from: "sample-person", fen: 9_800 } }],
      ["not_to_be_had", { fields: { item: "0000000000000002" } }],
    ),
    names: {
      "sample-household-1": { kind: "household", names: { "": "样例甲" } },
      "sample-person": { kind: "colleague", names: { "": "样例骑手" } },
    },
    ...over,
  });
}
