import { expect, test } from "vitest";
import type { Status } from "../../backend/backend";
import { samplePage } from "../../backend/fake/page";
import { actsOf, type Me } from "./acts";

const ME: Me = { person: "me", role: "courier", station: "my-station" };

function page(state: string, over: object = {}, inMyBag = false) {
  const { status } = samplePage();
  return { status: { ...status, state, ...over } as Status, in_my_bag: inMyBag };
}

test("what is in the bag is handed over next, and can fail, be refused, returned or passed on", () => {
  const { next, others } = actsOf(page("in_bag", {}, true), ME);
  expect(next).toBe("deliver");
  expect(others).toEqual(expect.arrayContaining(["fail", "refuse", "hand_over", "return", "temperature"]));
});

test("what is in a colleague's bag is theirs first, and can be taken over", () => {
  const { next, others } = actsOf(page("in_bag", { courier: 8 }), ME);
  expect(next).toBeNull();
  expect(others[0]).toBe("take_over_from");
  expect(others).not.toContain("hand_over");
});

test("what was handed to me waits for me to take it over", () => {
  expect(actsOf(page("handed_over", { from: 8, to: "me" }), ME).next).toBe("take_over");
  expect(actsOf(page("handed_over", { from: 8, to: "another" }), ME).next).toBeNull();
});

test("what lies somewhere is taken along, or was collected there", () => {
  expect(actsOf(page("planned"), ME).next).toBe("load_out");
  expect(actsOf(page("at_station"), ME).next).toBe("load_out");
  expect(actsOf(page("at_drop_point", { phase: "waiting", place: "a-drop-point" }), ME).next).toBe(
    "collected",
  );
  expect(actsOf(page("returned_to_station", { phase: "ended" }), ME).next).toBe("load_out");
});

test("what needs a place that is not known is not offered", () => {
  const somewhere = page("at_drop_point", { phase: "waiting", place: null });
  expect(actsOf(somewhere, ME)).toEqual({ next: null, others: ["load_out", "damaged"] });
  const homeless: Me = { person: "me", role: "clerk", station: null };
  const { next, others } = actsOf(page("in_bag"), homeless);
  expect([next, ...others]).toEqual([null, "deliver", "temperature", "damaged", "return_to_sender"]);
});

test("a clerk hands out what lies at the station, and takes in whatever does not", () => {
  const clerk: Me = { ...ME, role: "clerk" };
  const next = (state: string) => actsOf(page(state), clerk).next;
  expect(["at_station", "returned_to_station"].map(next)).toEqual(["deliver", "deliver"]);
  for (const state of ["planned", "announced", "in_bag", "attempted", "refused", "handed_over"]) {
    expect(next(state), state).toBe("scan_in");
  }
  expect(actsOf(page("at_drop_point"), clerk).others).toContain("scan_in");
});

test("no parcel goes into a clerk's bag, nor comes out of one", () => {
  const states = ["planned", "announced", "in_bag", "attempted", "refused", "handed_over", "at_station"];
  const offered = [...states, "at_drop_point"].map((state) => actsOf(page(state), { ...ME, role: "clerk" }));
  const acts = new Set(offered.flatMap(({ next, others }) => [next, ...others]));
  for (const act of ["load_out", "take_over", "take_over_from", "hand_over", "return"]) {
    expect(acts, act).not.toContain(act);
  }
});

test("what was refused goes back, and what has ended is left alone", () => {
  expect(actsOf(page("refused", { courier: 7 }), ME).next).toBe("return");
  for (const state of ["delivered", "cancelled", "returned_to_sender", "same_as"]) {
    expect(actsOf(page(state, { phase: "ended" }), ME)).toEqual({ next: null, others: [] });
  }
});
