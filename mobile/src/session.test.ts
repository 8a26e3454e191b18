import { expect, test, vi } from "vitest";
import { install } from "./backend/backend";
import { SAMPLE_STARTED } from "./backend/fake/device";
import { fakeBackend } from "./backend/fake/fake";
import { SAMPLE_NOW_MS } from "./backend/fake/item";
import { gate, keepInUse, nowMs, restart } from "./session.svelte";

const MINUTE_MS = 60_000;

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
