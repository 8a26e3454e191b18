import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CountDown } from "./count-down.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("counts down to nothing", () => {
  const wait = new CountDown();
  wait.start(2000);
  expect(wait.leftMs).toBe(2000);
  vi.advanceTimersByTime(1500);
  expect(wait.leftMs).toBe(500);
  vi.advanceTimersByTime(5000);
  expect(wait.leftMs).toBe(0);
});

test("a new wait takes the place of the one before, and an end ends it", () => {
  const wait = new CountDown();
  wait.start(2000);
  wait.start(8000);
  vi.advanceTimersByTime(3000);
  expect(wait.leftMs).toBe(5000);
  wait.stop();
  expect(vi.getTimerCount()).toBe(0);
});
