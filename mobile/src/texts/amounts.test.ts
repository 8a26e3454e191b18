import { afterEach, describe, expect, test } from "vitest";
import {
  bytesText,
  distanceText,
  fenFrom,
  latinDigits,
  moneyText,
  temperatureText,
  weightText,
} from "./amounts";
import { setLocale } from "./texts.svelte";

afterEach(() => setLocale("zh-Hans"));

test.each([
  [0, "¥0.00"],
  [5, "¥0.05"],
  [123_450, "¥1,234.50"],
  [10_000_000, "¥100,000.00"],
  [-2_400, "−¥24.00"],
])("%i fen are %s", (fen, shown) => {
  expect(moneyText(fen)).toBe(shown);
});

test.each([
  ["12", 1200],
  ["12.5", 1250],
  ["１２.50", 1250],
  ["١٢٫", null],
  ["٣٤", 3400],
  ["1,234.50", 123_450],
  ["1,234", 123_400],
  ["12,50", 1250],
  ["12,5", 1250],
  ["１２，５", 1250],
  ["٣٦٫٥", 3650],
  ["1234,56", 123_456],
  ["1,23,4", null],
  ["12,345,6", null],
  ["1,234,50", null],
  [",50", null],
  ["¥ 8", 800],
  ["", null],
  ["1.234", null],
  ["-5", null],
  ["100001", null],
])("%s yuan are %s fen", (typed, fen) => {
  expect(fenFrom(typed)).toBe(fen);
});

test("reads the digits of every keyboard", () => {
  expect(latinDigits("０９٠٩۰۹")).toBe("090909");
});

describe("units", () => {
  test("follow the language", async () => {
    expect(weightText(1250)).toBe("1.25 公斤");
    await setLocale("en");
    expect(weightText(1250)).toBe("1.25 kg");
    expect(temperatureText(-180)).toBe("−18.0 °C");
    expect(distanceText(2340)).toBe("2.3 km");
    expect(distanceText(14_200)).toBe("14 km");
    expect(distanceText(384)).toBe("380 m");
    expect(bytesText(18_960)).toBe("19 kB");
  });

  test("keep their sign in a line from right to left", async () => {
    await setLocale("kk-Arab");
    expect(temperatureText(-180)).toBe("\u2066−18.0 °C\u2069");
    expect(moneyText(-2_400)).toBe("\u2066−¥24.00\u2069");
  });
});
