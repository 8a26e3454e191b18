import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PinEntry } from "./entry.svelte";
import { TypedPin } from "./typed-pin";

const tried: string[] = [];
let entry: PinEntry;
let typed: TypedPin;
let nowMs = 10_000;

beforeEach(() => {
  vi.useFakeTimers();
  tried.length = 0;
  entry = new PinEntry((pin) => tried.push(pin));
  typed = new TypedPin(entry);
});
afterEach(() => vi.useRealTimers());

function press(keys: string, every: number, isTaken = true): void {
  for (const key of keys) {
    pass(every);
    typed.press(key === "\n" ? "Enter" : key, nowMs, isTaken);
  }
}

function pass(ms: number): void {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
}

test("a hand types a PIN, fast or slow, and may press Enter after it", () => {
  press("135790", 60);
  pass(250);
  press("\n", 400);
  press("２４٦٨01", 700);
  pass(250);

  expect(tried).toEqual(["135790", "246801"]);
});

test.each([
  ["a waybill of digits", "7731234567890\n"],
  ["as many digits as a PIN has", "773123\n"],
  ["two PINs' worth", "773123456789\n"],
  ["letters and digits", "YT1000000012345\n"],
])("what a scanner types is no try, at any scanner's pace: %s", (_, scan) => {
  for (const every of [1, 8, 29, 31, 50, 80, 120, 200]) {
    press(scan, every);
    pass(1000);
    press("\n", 0);
    expect(tried, `every ${every} ms`).toEqual([]);
    expect(entry.count).toBe(0);
  }
});

test("nor do scan after scan come to one, nor what was entered before the first", () => {
  press("13", 120);
  for (let scans = 0; scans < 5; scans += 1) {
    pass(600);
    press("7731234567890\n", 10);
  }
  pass(1000);
  expect(tried).toEqual([]);
  expect(entry.count).toBe(0);

  press("135790", 120);
  pass(250);
  expect(tried).toEqual(["135790"]);
});

test("a scan that begins while no PIN is taken ends as one", () => {
  press("773123", 8, false);
  press("4567890\n", 8);
  pass(1000);

  expect(tried).toEqual([]);
});

test("the last digit can still be taken back", () => {
  press("135799", 120);
  pass(100);
  typed.press("Backspace", nowMs, true);
  pass(1000);
  expect(tried).toEqual([]);
  expect(entry.count).toBe(5);
});
