import { expect, test } from "vitest";
import { dueUntil } from "./due";

/** 2026-06-02 10:20 Beijing time. */
const NOW = Date.UTC(2026, 5, 2, 2, 20);
const LAST_MINUTE = Date.UTC(2026, 5, 2, 15, 59);
const DAY = 86_400_000;

test("a day is done in until its last minute in Beijing time", () => {
  expect(dueUntil("today", NOW)).toBe(LAST_MINUTE);
  expect(dueUntil("tomorrow", NOW)).toBe(LAST_MINUTE + DAY);
  expect(dueUntil("three_days", NOW)).toBe(LAST_MINUTE + 3 * DAY);
  expect(dueUntil("week", NOW)).toBe(LAST_MINUTE + 7 * DAY);
});

test("just after midnight in Beijing it is the next day, whatever the phone's zone", () => {
  expect(dueUntil("today", LAST_MINUTE + 60_000)).toBe(LAST_MINUTE + DAY);
});

test("what is not urgent has no end", () => {
  expect(dueUntil("open", NOW)).toBeNull();
});
