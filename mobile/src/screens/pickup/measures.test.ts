import { expect, test } from "vitest";
import { gramsFrom, tenthsFrom, waybillFrom, yuanText } from "./measures";

test("kilograms are read in any digits, to the gram", () => {
  expect(gramsFrom("1.2")).toBe(1200);
  expect(gramsFrom("３８，５")).toBe(38_500);
  expect(gramsFrom("٠٫٥")).toBe(500);
  expect(gramsFrom("1,250")).toBe(1250);
  expect(gramsFrom("1000")).toBe(1_000_000);
});

test("what is no weight is none", () => {
  for (const typed of ["", "0", "-1", "1000.1", "1.2345", "two"]) expect(gramsFrom(typed)).toBeNull();
});

test("temperatures are read in tenths, with or without their sign", () => {
  expect(tenthsFrom("4", false)).toBe(40);
  expect(tenthsFrom("−18.5", false)).toBe(-185);
  expect(tenthsFrom("18.5", true)).toBe(-185);
  expect(tenthsFrom("100.1", false)).toBeNull();
  expect(tenthsFrom("", false)).toBeNull();
});

test("a waybill is kept without spaces, in capitals", () => {
  expect(waybillFrom(" sf12 3456 ")).toBe("SF123456");
  expect(waybillFrom("ＡＢ１２３４")).toBe("AB1234");
  expect(waybillFrom("12345")).toBeNull();
  expect(waybillFrom("1234_567")).toBeNull();
});

test("yuan stand as somebody would type them", () => {
  expect(yuanText(undefined)).toBe("");
  expect(yuanText(2000)).toBe("20");
  expect(yuanText(2050)).toBe("20.50");
});
