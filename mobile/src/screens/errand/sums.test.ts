import { expect, test } from "vitest";
import { factsOf } from "../../backend/fake/pickup";
import { sumsOf } from "./sums";

const moved = (kind: string, fen: number, is_voided = false): [string, object] => [
  kind,
  { fields: { fen }, is_voided },
];

test("what is left of an advance is due back", () => {
  const facts = factsOf(
    "errand",
    moved("advance_given", 20_000),
    moved("bought", 9_800),
    moved("bought", 1_200),
  );
  expect(sumsOf(facts)).toEqual({
    advance: 20_000,
    spent: 11_000,
    change: 0,
    reimbursed: 0,
    changeDue: 9_000,
    owed: 0,
  });
});

test("what was laid out beyond it is owed", () => {
  expect(sumsOf(factsOf("errand", moved("advance_given", 5_000), moved("bought", 9_800))).owed).toBe(4_800);
});

test("change and what was paid afterwards make it even", () => {
  const back = sumsOf(
    factsOf("errand", moved("advance_given", 500), moved("bought", 300), moved("change_given", 200)),
  );
  const paid = sumsOf(factsOf("errand", moved("bought", 300), moved("reimbursed", 300)));
  for (const sums of [back, paid]) expect([sums.changeDue, sums.owed]).toEqual([0, 0]);
});

test("what was voided moved nothing", () => {
  expect(sumsOf(factsOf("errand", moved("bought", 9_800, true))).spent).toBe(0);
});
