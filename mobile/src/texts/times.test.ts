import { afterEach, expect, test } from "vitest";
import { setLocale } from "./texts.svelte";
import { clockText, courierDay, dateText, spanText, whenText } from "./times";
import { showXinjiang } from "./xinjiang.svelte";

/** 2026-06-02 10:20 Beijing time. */
const NOW = Date.UTC(2026, 5, 2, 2, 20);
const HOUR = 3_600_000;

afterEach(() => setLocale("zh-Hans"));

test("shows Beijing time whatever the phone's zone, and says where it is unsure", () => {
  expect(clockText(NOW)).toBe("10:20");
  expect(clockText(NOW, { isSure: false })).toBe("约 10:20");
});

test("labels both times where both are shown", () => {
  expect(clockText(NOW, { withXinjiang: true })).toBe("北京时间 10:20 · 新疆时间 08:20");
});

test("shows both times everywhere as soon as it is set", () => {
  showXinjiang(true);
  expect(whenText(NOW - 24 * HOUR, NOW)).toBe("昨天 北京时间 10:20 · 新疆时间 08:20");
  showXinjiang(false);
  expect(whenText(NOW, NOW)).toBe("10:20");
});

test("says the day that people would say", () => {
  expect(whenText(NOW - HOUR, NOW)).toBe("09:20");
  expect(whenText(NOW - 24 * HOUR, NOW)).toBe("昨天 10:20");
  expect(whenText(NOW + 24 * HOUR, NOW)).toBe("明天 10:20");
  expect(whenText(NOW - 11 * HOUR, NOW)).toBe("昨天 23:20");
  expect(whenText(NOW - 72 * HOUR, NOW)).toBe("5月30日 10:20");
});

test("names months from its own files in every language", async () => {
  const lastYear = NOW - 365 * 24 * HOUR;
  expect(dateText(lastYear, NOW)).toBe("2025年6月2日");
  await setLocale("kk-Arab");
  expect(dateText(NOW, NOW)).toBe("2-ماۋسىم");
  await setLocale("en");
  expect(dateText(lastYear, NOW)).toBe("June 2, 2025");
});

test("ends a courier's day at four in the morning", () => {
  const fourOClock = Date.UTC(2026, 5, 2, 20, 0);
  expect(courierDay(fourOClock - 1)).toBe(courierDay(NOW));
  expect(courierDay(fourOClock)).toBe(courierDay(NOW) + 1);
});

test("counts spans in what matters", () => {
  expect(spanText(80 * 60_000)).toBe("1 小时 20 分");
  expect(spanText(59 * 60_000)).toBe("59 分钟");
  expect(spanText(50 * HOUR)).toBe("2 天");
});
