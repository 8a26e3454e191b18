import type { RecordPage, Status } from "../backend";
import { samplePage } from "./page";
import { factsOf } from "./pickup";

/** A broken bridge, answered. */
export function sampleTip(over: Partial<RecordPage> = {}): RecordPage {
  const { status } = samplePage();
  return samplePage({
    record: "sample-tip-1",
    kind: "tip",
    status: { ...status, kind: "tip", state: "answered", phase: "ended" } as Status,
    plan: null,
    facts: factsOf(
      "tip",
      [
        "reported",
        {
          fields: {
            tip_kind: { list: "tip_kind", code: 4, name: "bridge" },
            text: "桥面缺了两块板，摩托车过不去",
            place: "sample-station",
          },
        },
      ],
      [
        "answered",
        { by: null, is_own: false, state: "county", fields: { answer: "已派人更换桥板，周五前完成。" } },
      ],
    ),
    names: {
      "sample-station": { kind: "place", names: { "zh-Hans": "样例桥头", "kk-Arab": "ۇلگى كوپىر باسى" } },
    },
    ...over,
  });
}

/** Pay that came short, answered by the liaison. */
export function sampleAppeal(over: Partial<RecordPage> = {}): RecordPage {
  const { status } = samplePage();
  return samplePage({
    record: "sample-appeal-1",
    kind: "appeal",
    status: { ...status, kind: "appeal", state: "answered", round: 1, appeal_kind: 2 },
    plan: null,
    facts: factsOf(
      "appeal",
      [
        "raised",
        {
          fields: {
            appeal_kind: { list: "appeal_kind", code: 2, name: "pay_short" },
            sealed: { bytes: 180 },
          },
        },
      ],
      [
        "answered",
        {
          by: null,
          is_own: false,
          state: "county",
          fields: { sealed: { bytes: 220 } },
          words: "差的部分下月一起发。",
        },
      ],
    ),
    names: {},
    ...over,
  });
}
