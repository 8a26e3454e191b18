import { expect, test } from "vitest";
import type { Status } from "../../backend/backend";
import { sampleFact, samplePage } from "../../backend/fake/page";
import type { Me } from "./acts";
import { holderText, noticesOf, sinceFact } from "./words";

const ME: Me = { person: "sample-person", role: "courier", station: "my-station" };
const NAMES = {
  "sample-other": { kind: "colleague", names: { "": "样例同事" } },
  "sample-shop": { kind: "place", names: { "zh-Hans": "样例商店" } },
} as const;

function page(state: string, over: object = {}) {
  const sample = samplePage();
  return {
    ...sample,
    in_my_bag: false,
    names: NAMES,
    facts: [sampleFact({ fact: "8.4", by: "sample-other", is_own: false })],
    status: { ...sample.status, state, ...over } as Status,
  };
}

test("says who has it, by the device that wrote it", () => {
  expect(holderText({ ...page("in_bag", { courier: 8 }), in_my_bag: true }, ME)).toBe("在我这里");
  expect(holderText(page("in_bag", { courier: 8 }), ME)).toBe("在样例同事那里");
  expect(holderText(page("in_bag", { courier: 9 }), ME)).toBe("在同事那里");
});

test("says whom it was handed to, and where it lies", () => {
  expect(holderText(page("handed_over", { from: 8, to: "sample-person" }), ME)).toBe(
    "样例同事交给您，等您接手",
  );
  expect(holderText(page("handed_over", { from: 7, to: "sample-other" }), ME)).toBe(
    "已交给样例同事，等对方接手",
  );
  expect(holderText(page("at_drop_point", { place: "sample-shop" }), ME)).toBe("在样例商店");
});

test("says what waited too long, and what another entry outdoes", () => {
  expect(noticesOf(page("at_drop_point", { uncollected: true }))).toEqual(["超过保管期"]);
  const overruled = { notices: [{ notice: "overruled", fact: "8.4", by: "7.2" }] };
  expect(noticesOf(page("in_bag", overruled))).toEqual(["装车带走：另一条记录为准"]);
});

test("a state is since the last entry that nobody took back", () => {
  const facts = [
    sampleFact({ fact: "7.1" }),
    sampleFact({ fact: "7.2", is_voided: true }),
    sampleFact({ fact: "7.3", kind: "delivery.corrected" }),
  ];
  expect(sinceFact({ facts })?.fact).toBe("7.1");
});
