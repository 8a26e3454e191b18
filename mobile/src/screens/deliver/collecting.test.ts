import { expect, test } from "vitest";
import { collected, WHOLE } from "./collecting";

const PARCELS = [
  { record: "a", cash_fen: 12_850 },
  { record: "b", cash_fen: 0 },
  { record: "c", cash_fen: 500 },
];

test("all that is due, and nothing for what costs nothing", () => {
  expect(collected(PARCELS, WHOLE)).toEqual([
    { record: "a", fen: 12_850 },
    { record: "c", fen: 500 },
  ]);
});

test("nothing where nobody paid", () => {
  expect(collected(PARCELS, { isPaid: false, other: undefined })).toEqual([]);
});

test("another sum, for each parcel its own", () => {
  expect(collected(PARCELS, { isPaid: true, other: { a: "100,5", c: "0" } })).toEqual([
    { record: "a", fen: 10_050 },
  ]);
});

test.each(["", "ten", "-5"])("%o is no sum", (typed) => {
  expect(collected(PARCELS, { isPaid: true, other: { a: typed, c: "5" } })).toBeUndefined();
});
