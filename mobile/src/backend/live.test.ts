import { render } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Framed from "../gallery/Framed.svelte";
import DoneToday from "../screens/today/DoneToday.svelte";
import { install, type Item } from "./backend";
import { SaddlebagError } from "./errors";
import { fakeBackend } from "./fake/fake";
import { sampleItem } from "./fake/item";

const LONG_MS = 1000;
let change: () => void;
let readings: { answer: (items: Item[]) => void; refuse: (code: string) => void }[];

beforeEach(() => {
  vi.useFakeTimers();
  readings = [];
  install(
    fakeBackend({
      doneToday: () =>
        new Promise((answer, reject) =>
          readings.push({ answer, refuse: (code) => reject(new SaddlebagError(code)) }),
        ),
      onChanged: (told) => {
        change = () => told([]);
        return () => undefined;
      },
    }),
  );
});
afterEach(() => vi.useRealTimers());

/** A screen that reads one list, as any does. */
const show = () => render(Framed, { screen: DoneToday });
const settle = () => vi.advanceTimersByTimeAsync(LONG_MS);

async function answer(title: string): Promise<void> {
  readings.at(-1)?.answer([sampleItem(1, { title })]);
  await vi.advanceTimersByTimeAsync(0);
}

test("many changes in a row are read once", async () => {
  const { container } = show();
  await answer("样例甲");
  for (let n = 0; n < 50; n++) change();
  await settle();
  expect(readings).toHaveLength(2);
  await answer("样例乙");
  expect(container.textContent).toContain("样例乙");
});

test("what changes while it reads is read once more, and what was read is shown meanwhile", async () => {
  const { container } = show();
  for (let n = 0; n < 5; n++) {
    change();
    await settle();
  }
  expect(readings).toHaveLength(1);

  await answer("样例甲");
  expect(container.textContent).toContain("样例甲");
  expect(readings).toHaveLength(2);

  await answer("样例乙");
  await settle();
  expect(container.textContent).toContain("样例乙");
  expect(readings).toHaveLength(2);
});

test("a reading that failed says so, and the next change tries again", async () => {
  const { container } = show();
  readings[0]?.refuse("sample_code");
  await settle();
  expect(container.textContent).toContain("sample_code");

  change();
  await settle();
  await answer("样例甲");
  expect(container.textContent).not.toContain("sample_code");
});

test("nothing is read for a screen that is gone", async () => {
  const { unmount } = show();
  await answer("样例甲");
  change();
  unmount();
  await settle();
  expect(readings).toHaveLength(1);
});
