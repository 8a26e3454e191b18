import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { FactLine } from "../../backend/backend";
import { detailsOf } from "./details";
import { sentenceOf } from "./sentence";
import { SENTENCES } from "./sentences";

function line(kind: string, fields: FactLine["fields"] = {}, over: Partial<FactLine> = {}): FactLine {
  return {
    fact: "7.1",
    kind,
    at_ms: 0,
    time_is_sure: true,
    by: null,
    is_own: true,
    fields,
    side: [],
    is_voided: false,
    is_newer: false,
    state: "local",
    verdict: null,
    ...over,
  } as FactLine;
}

const NAMES = {
  "the-station": { kind: "place", names: { "zh-Hans": "样例站" } },
  "a-colleague": { kind: "colleague", names: { "": "样例同事" } },
} as const;

/** Those that every kind of record has, under one text. */
const SHARED = ["corrected", "discrepancy_closed"];

test("every kind of fact that can be written has a sentence", () => {
  const toml = readFileSync("../core/records/codes/facts.toml", "utf8");
  const kinds: string[] = [];
  let record = "";
  for (const row of toml.split("\n")) {
    record = /^\[record\.(\w+)\]/.exec(row)?.[1] ?? record;
    const name = /^\s+\[\d+, "(\w+)"/.exec(row)?.[1];
    if (name && !SHARED.includes(name)) kinds.push(`${record}.${name}`);
  }
  expect(kinds.length).toBeGreaterThan(80);
  expect(kinds.filter((kind) => !(kind in SENTENCES))).toEqual([]);
});

test("names places and people, amounts and reasons", () => {
  expect(sentenceOf(line("delivery.scanned_in", { place: "the-station" }), NAMES)).toBe("在样例站入库");
  expect(sentenceOf(line("delivery.handed_over", { to: "a-colleague" }), NAMES)).toBe("交给同事样例同事");
  expect(sentenceOf(line("delivery.cash_collected", { from: "x", to: "y", fen: 12_850 }), NAMES)).toBe(
    "收款¥128.50",
  );
  const reason = { list: "failure_reason", code: 3, name: "camp_moved" };
  expect(sentenceOf(line("delivery.attempted", { reason }), NAMES)).toBe("没有送成：转场了");
});

test("says that it does not know who or where, and never shows an id", () => {
  const id = "0192f7d2-0000-7000-8000-000000000000";
  expect(sentenceOf(line("delivery.handed_over", { to: id }), {})).toBe("交给同事某人");
  expect(sentenceOf(line("delivery.returned_to_station", { place: id }), {})).toBe("退回某处");
});

test("a correction says what it takes back", () => {
  const first = line("delivery.delivered", {}, { fact: "7.1", is_voided: true });
  const second = line("delivery.corrected", { fact: "7.1", note: "样例说明" }, { fact: "7.2" });
  expect(sentenceOf(second, NAMES, [first, second])).toBe("更正：撤回“交给收件人”");
  expect(detailsOf(second, NAMES)).toEqual(["“样例说明”"]);
});

test("what a newer version wrote is said to be so", () => {
  expect(sentenceOf(line("delivery.77", {}, { is_newer: true }), NAMES)).toContain("delivery.77");
});

test("details hold what the sentence leaves out", () => {
  const proof = { list: "proof_kind", code: 1, name: "receiver_named" };
  expect(detailsOf(line("delivery.delivered", { proof, receiver: "样例甲" }), NAMES)).toEqual([
    "签收：样例甲",
  ]);
  const reason = { list: "failure_reason", code: 2, name: "phone_unreachable" };
  const failed = line("delivery.attempted", { reason, calls: 2, place: "the-station" });
  expect(detailsOf(failed, NAMES)).toEqual(["地点：样例站", "打过 2 次电话"]);
});
