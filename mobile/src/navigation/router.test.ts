import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cover, uncover } from "../components/covers";
import { back, begin, current, followHistory, go } from "./router.svelte";

let stop: () => void;

beforeEach(() => {
  stop = followHistory(uncover);
  begin("today");
  go("stop", { stop: "sample" });
});

afterEach(() => stop());

test("going back leads to the screen before", async () => {
  back();
  await vi.waitFor(() => expect(current()?.name).toBe("today"));
});

test("going back closes what lies over a screen, and only then leaves it", async () => {
  let isOpen = true;
  const gone = cover(() => (isOpen = false));
  back();
  await vi.waitFor(() => expect(isOpen).toBe(false));
  expect(current()?.name).toBe("stop");

  gone();
  back();
  await vi.waitFor(() => expect(current()?.name).toBe("today"));
});
