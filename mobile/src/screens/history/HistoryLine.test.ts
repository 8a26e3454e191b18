import { render, screen } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import type { FactLine } from "../../backend/backend";
import { samplePage } from "../../backend/fake/page";
import { restart } from "../../session.svelte";
import HistoryLine from "./HistoryLine.svelte";

beforeEach(restart);

function show(state: FactLine["state"], verdict: string | null): string {
  const [line] = samplePage().facts;
  if (!line) throw new Error("the sample has facts");
  render(HistoryLine, { line: { ...line, state, verdict }, names: {}, others: [], nowMs: 0 });
  return screen.getByTestId("history-line").textContent;
}

test("what the county did not take goes on saying why", () => {
  expect(show("refused", "role_may_not")).toContain("您的岗位不能记这一项。");
});

test("a reason without words of its own is told by its code", () => {
  expect(show("refused", "sample_code")).toContain("sample_code");
});

test.each([
  ["waiting", "还在等别的记录到县里"],
  ["quarantined", "县里会有人查看"],
  ["late", "已按规定删除"],
])("what the county only keeps for now says what it waits for: %s", (how, words) => {
  const said = show("held", how);
  expect(said).toContain(words);
  expect(said).not.toContain("没有收下");
});

test("what is at the county says no more than that", () => {
  expect(show("county", null)).toMatch(/县里已收到\s*$/);
});
