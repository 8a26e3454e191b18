import { expect, test } from "vitest";
import { sampleErrand } from "../../backend/fake/errand";
import { factsOf } from "../../backend/fake/pickup";
import { nextToBuy, shoppingOf } from "./shopping";

test("each entry says what became of it", () => {
  const { plan, facts } = sampleErrand();
  expect(shoppingOf(plan, facts).map((line) => line.outcome.state)).toEqual([
    "bought",
    "not_to_be_had",
    "open",
  ]);
});

test("the next is the first that nothing became of", () => {
  const { plan, facts } = sampleErrand();
  expect(nextToBuy(shoppingOf(plan, facts))?.text).toBe("电池");
  expect(nextToBuy(shoppingOf(plan, []))?.text).toBe("面粉");
});

test("what was voided is open again, and what comes later stands", () => {
  const { plan } = sampleErrand();
  const item = "0000000000000001";
  const facts = factsOf(
    "errand",
    ["not_to_be_had", { fields: { item } }],
    ["bought", { fields: { item, name: "全麦面粉", fen: 8_000 } }],
  );
  expect(shoppingOf(plan, facts)[0]?.outcome).toMatchObject({
    state: "bought",
    name: "全麦面粉",
    fen: 8_000,
  });
  const voided = facts.map((fact) => ({ ...fact, is_voided: true }));
  expect(shoppingOf(plan, voided)[0]?.outcome.state).toBe("open");
});

test("a plan without a list has nothing to buy", () => {
  expect(shoppingOf(null, [])).toEqual([]);
});
