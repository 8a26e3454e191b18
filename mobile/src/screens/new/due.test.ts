import { expect, test } from "vitest";
import { dueUntil } from "./due";

/** 2026-06-02 10:20 Beijing time. */
const NOW = Date.UTC(2026, 5, 2, 2, 20);
const LAST_MINUTE = Date.UTC(2026, 5, 2, 15, 59);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("a day is done in until its last minute in Beijing time", () => {
  expect(dueUntil("today", NOW)).toBe(LAST_MINUTE);
  expect(dueUntil("tomorrow", NOW)).toBe(LAST_MINUTE + DAY);
  expect(dueUntil("three_days", NOW)).toBe(LAST_MINUTE + 3 * DAY);
  expect(dueUntil("week", NOW)).toBe(LAST_MINUTE + 7 * DAY);
});

test("until 04:00 in Beijing it is still the day before, as on Today, and nothing is due before now", () => {
  const midnight = LAST_MINUTE + MINUTE;
  for (const now of [midnight, midnight + 2 * HOUR]) {
    expect(dueUntil("today", now)).toBe(midnight + 4 * HOUR - MINUTE);
    expect(dueUntil("tomorrow", now)).toBe(LAST_MINUTE + DAY);
  }
  expect(dueUntil("today", midnight + 4 * HOUR)).toBe(LAST_MINUTE + DAY);
});

test("what is not urgent has no end", () => {
  expect(dueUntil("open", NOW)).toBeNull();
});
