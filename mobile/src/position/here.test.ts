import { afterEach, expect, test, vi } from "vitest";
import { follow } from "./here";
import { fakeSatellites, type Satellites } from "./satellites.fake";

let satellites: Satellites | undefined;

afterEach(() => satellites?.gone());

function see(state: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

test("this phone is followed until that is stopped, and never while the app is not seen", () => {
  satellites = fakeSatellites();
  const seen: number[] = [];
  const stop = follow((fix) => seen.push(fix.position.lat_e7));
  satellites.move(48, 86);

  see("hidden");
  expect(satellites.followed()).toBe(0);
  satellites.move(48.5, 86);

  see("visible");
  see("visible");
  expect(satellites.followed()).toBe(1);
  satellites.move(49, 86);
  expect(seen).toEqual([480_000_000, 485_000_000, 490_000_000]);

  stop();
  see("visible");
  expect(satellites.followed()).toBe(0);
});

test("where there are no satellites nothing is followed", () => {
  const seen: unknown[] = [];
  follow((fix) => seen.push(fix))();
  expect(seen).toEqual([]);
});
