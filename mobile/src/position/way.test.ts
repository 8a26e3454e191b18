import { expect, test } from "vitest";
import { straight } from "./way";

const at = (lat: number, lon: number) => ({ lat_e7: Math.round(lat * 1e7), lon_e7: Math.round(lon * 1e7) });

test("a degree of latitude is 111 km, and one of longitude shrinks to the north", () => {
  expect(straight(at(48, 86), at(49, 86)).metres).toBeCloseTo(111_195, -1);
  expect(straight(at(0, 86), at(0, 87)).metres).toBeCloseTo(111_195, -1);
  expect(straight(at(60, 86), at(60, 87)).metres).toBeCloseTo(55_597, -2);
});

test.each([
  ["north", at(49, 86), 0],
  ["south", at(47, 86), 180],
])("%s of here", (_, there, degrees) => {
  expect(straight(at(48, 86), there).degrees).toBeCloseTo(degrees, 6);
});

test("east and west lie almost square to the north", () => {
  expect(straight(at(48, 86), at(48, 86.1)).degrees).toBeCloseTo(90, 0);
  expect(straight(at(48, 86), at(48, 85.9)).degrees).toBeCloseTo(270, 0);
});

test("here is nowhere else", () => {
  expect(straight(at(48, 86), at(48, 86))).toEqual({ metres: 0, degrees: null });
});
