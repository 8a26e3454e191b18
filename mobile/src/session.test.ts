import { render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { install } from "./backend/backend";
import { SAMPLE_STARTED } from "./backend/fake/device";
import { fakeBackend } from "./backend/fake/fake";
import { SAMPLE_NOW_MS } from "./backend/fake/item";
import { sampleRoute } from "./backend/fake/route";
import Framed from "./gallery/Framed.svelte";
import Today from "./screens/today/Today.svelte";
import { gate, keepInUse, nowMs, restart } from "./session.svelte";

const MINUTE_MS = 60_000;

afterEach(() => vi.useRealTimers());

/** Today is open at a time and the app in use; what is answered counts how often it was read. */
async function openToday(nowMs: number) {
  const today = vi.fn(() => Promise.resolve(sampleRoute(1)));
  install(
    fakeBackend({
      today,
      start: () => Promise.resolve({ ...SAMPLE_STARTED, now_ms: nowMs }),
      inUse: () => Promise.resolve(nowMs),
    }),
  );
  await restart();
  render(Framed, { screen: Today });
  return { today, stop: keepInUse() };
}

test("what time it is comes from the core, however wrong the phone's own clock is", async () => {
  vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2019, 0, 1));
  const page = vi.spyOn(performance, "now").mockReturnValue(1_000);
  install(fakeBackend({ inUse: () => Promise.resolve(SAMPLE_NOW_MS + 90 * MINUTE_MS) }));
  await restart();
  expect(nowMs()).toBe(SAMPLE_NOW_MS);
  page.mockReturnValue(1_000 + 5 * MINUTE_MS);
  expect(nowMs()).toBe(SAMPLE_NOW_MS + 5 * MINUTE_MS);

  // The phone slept, and with it the page's clock: a touch asks the core again.
  const stop = keepInUse();
  dispatchEvent(new Event("pointerdown"));
  await expect.poll(nowMs).toBe(SAMPLE_NOW_MS + 90 * MINUTE_MS);
  stop();
});

test("who comes back to an app that locked meanwhile sees the lock at once", async () => {
  let isLocked = false;
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, is_locked: isLocked, has_pin: true }),
      inUse: () => Promise.reject(new Error("locked")),
    }),
  );
  await restart();
  expect(gate()).toBeUndefined();
  const stop = keepInUse();
  isLocked = true;
  document.dispatchEvent(new Event("visibilitychange"));
  await expect.poll(gate).toBe("lock");
  stop();
});

test("who comes back to it sees what is there now", async () => {
  const { today, stop } = await openToday(SAMPLE_NOW_MS);
  await screen.findByTestId("stop-card");
  expect(today).toHaveBeenCalledOnce();
  document.dispatchEvent(new Event("visibilitychange"));
  await expect.poll(() => today.mock.calls.length).toBe(2);
  stop();
});

test("left open overnight, it reads the new day when that begins at 04:00 in Beijing", async () => {
  const begins = Date.UTC(2026, 5, 2, 20, 0);
  vi.useFakeTimers();
  const { today, stop } = await openToday(begins - 2.5 * MINUTE_MS);
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(today).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(today).toHaveBeenCalledTimes(2);
  stop();
});

test("what has gone without cold is counted on by the minute, without reading anything", async () => {
  vi.useFakeTimers();
  const { today, stop } = await openToday(SAMPLE_NOW_MS);
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.getByText(/1 小时 20 分/)).toBeDefined();
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(screen.getByText(/1 小时 22 分/)).toBeDefined();
  expect(today).toHaveBeenCalledOnce();
  stop();
});
