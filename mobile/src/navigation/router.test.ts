import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as covers from "../components/covers.svelte";
import { back, begin, current, followHistory, go } from "./router.svelte";

const { cover } = covers;

/** What lies before the app in the browser's history. */
const BEFORE = "before the app";

let stop: () => void;
const seen: unknown[] = [];
const see = ({ state }: PopStateEvent) => seen.push(state);

beforeEach(() => {
  history.pushState(BEFORE, "");
  history.pushState(null, "");
  seen.length = 0;
  addEventListener("popstate", see);
  stop = followHistory(covers);
  begin("today");
});

afterEach(() => {
  stop();
  removeEventListener("popstate", see);
});

/** Something that lies over the screen: it says when it was closed. */
function sheet() {
  const laid = { isOpen: true };
  const close = cover(() => (laid.isOpen = false));
  return { close, isOpen: () => laid.isOpen };
}

describe("from a screen that was opened from another", () => {
  beforeEach(() => go("stop", { stop: "sample" }));

  test("going back leads to the screen before", async () => {
    back();
    await vi.waitFor(() => expect(current()?.name).toBe("today"));
  });

  test("going back closes what lies over it, and only then leaves it", async () => {
    const laid = sheet();
    back();
    await vi.waitFor(() => expect(laid.isOpen()).toBe(false));
    expect(current()?.name).toBe("stop");

    back();
    await vi.waitFor(() => expect(current()?.name).toBe("today"));
  });
});

describe("on the first screen", () => {
  test("going back closes what lies over it, one after the other, and never leaves the app for that", async () => {
    const [below, above] = [sheet(), sheet()];
    back();
    await vi.waitFor(() => expect(above.isOpen()).toBe(false));
    expect(below.isOpen()).toBe(true);

    back();
    await vi.waitFor(() => expect(below.isOpen()).toBe(false));
    expect(seen).not.toContain(BEFORE);
    expect(current()?.name).toBe("today");

    back();
    await vi.waitFor(() => expect(seen).toContain(BEFORE));
  });

  test("going back once leaves the app where a sheet was closed by its own button", async () => {
    sheet().close();
    back();
    await vi.waitFor(() => expect(seen).toContain(BEFORE));
  });

  test("a screen opened after a sheet was closed leads back to the first in one step", async () => {
    sheet().close();
    go("stop", { stop: "sample" });
    back();
    await vi.waitFor(() => expect(current()?.name).toBe("today"));
    expect(seen).toHaveLength(1);

    back();
    await vi.waitFor(() => expect(seen).toContain(BEFORE));
  });
});
