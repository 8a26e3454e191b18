import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Located } from "./fresh.svelte";

/** Where the satellites say that this phone is. */
let lat: number | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  Object.defineProperty(navigator, "geolocation", {
    configurable: true,
    value: {
      getCurrentPosition: (found: (position: object) => void, lost: () => void) => {
        if (lat === undefined) lost();
        else found({ coords: { latitude: lat, longitude: 86, accuracy: 9 } });
      },
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(navigator, "geolocation");
});

test("what was found when the screen was opened is not where one is an hour later", async () => {
  lat = 48;
  const where = new Located();
  await where.ask();
  expect(where.fresh()?.position.lat_e7).toBe(480_000_000);

  await vi.advanceTimersByTimeAsync(61_000);
  expect(where.fresh()).toBeNull();
  expect(where.last?.position.lat_e7).toBe(480_000_000);

  lat = 48.5;
  await where.ask();
  expect(where.fresh()?.position.lat_e7).toBe(485_000_000);
});

test("nothing is said where the satellites do not answer", async () => {
  lat = undefined;
  const where = new Located();
  await where.ask();
  expect([where.fresh(), where.last]).toEqual([null, null]);
});
