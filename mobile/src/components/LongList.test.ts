import { render } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Framed from "../gallery/Framed.svelte";
import type { Place } from "./frame";
import LongList from "./LongList.svelte";

const ALL = 1000;
const ESTIMATE = 140;
/** As high as no row was thought to be. */
const HIGH = 612;

type Said = (entries: object[]) => void;
let sayNear: Said;
let saySized: Said;

class Watcher {
  observe = (): void => undefined;
  unobserve = (): void => undefined;
}

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class extends Watcher {
      constructor(said: Said) {
        super();
        sayNear = said;
      }
    },
  );
  vi.stubGlobal(
    "ResizeObserver",
    class extends Watcher {
      constructor(said: Said) {
        super();
        saySized = said;
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

const children = createRawSnippet((item: () => number) => ({ render: () => `<b>${item()}</b>` }));

/** A list of so many numbers in a region that scrolls, and how often the key of one was asked for. */
function show(place: Place = { scrollTop: 0 }) {
  const target = document.body.appendChild(document.createElement("div"));
  target.dataset["scrolls"] = "";
  const asked = vi.fn((item: number) => String(item));
  const list = { items: Array.from({ length: ALL }, (_, n) => n), key: asked, estimate: ESTIMATE, children };
  const shown = render(Framed, { target, props: { screen: LongList, params: list, place } });
  const groups = [...target.querySelectorAll<HTMLElement>(".group")];
  const rows = () => [...target.querySelectorAll("b")].map((row) => Number(row.textContent));
  return { ...shown, asked, groups, rows, list, place };
}

async function say(group: HTMLElement | undefined, isIntersecting: boolean): Promise<void> {
  sayNear([{ target: group, isIntersecting }]);
  await tick();
}

function lay(group: HTMLElement | undefined, height: number): void {
  Object.defineProperty(group, "offsetHeight", { value: height, configurable: true });
  saySized([{ target: group }]);
}

test("draws of a long list what is near, and keeps room for the rest", () => {
  const { rows, groups } = show();
  expect(rows().length).toBeGreaterThan(0);
  expect(rows().length).toBeLessThan(25);
  expect(groups.at(-1)?.style.minBlockSize).toBe(`${4 * ESTIMATE}px`);
});

test("scrolling looks at what came near and at no other row", async () => {
  const { rows, groups, asked } = show();
  asked.mockClear();

  await say(groups[100], true);

  expect(rows()).toEqual(expect.arrayContaining([400, 401, 402, 403]));
  expect(asked.mock.calls.length).toBeLessThan(25);
});

test("what is no longer near keeps the room that it took", async () => {
  const { rows, groups } = show();
  await say(groups[100], true);
  lay(groups[100], HIGH);

  await say(groups[100], false);

  expect(rows()).not.toContain(400);
  expect(groups[100]?.style.minBlockSize).toBe(`${HIGH}px`);
});

test("one comes back to the same rows, in as much room as they took", async () => {
  const first = show();
  for (const group of first.groups.slice(0, 20)) {
    await say(group, true);
    lay(group, HIGH);
  }
  first.place.scrollTop = 19 * HIGH;
  first.unmount();

  const { rows, groups } = show(first.place);

  expect(rows()).toContain(4 * 19);
  expect(rows()).not.toContain(0);
  expect(groups[5]?.style.minBlockSize).toBe(`${HIGH}px`);
});

test("a list read anew draws no more than before", async () => {
  const { rows, asked, rerender, list } = show();
  const before = rows();
  asked.mockClear();

  await rerender({ params: { ...list, items: list.items.map((n) => n + ALL) } });

  expect(rows()).toEqual(before.map((n) => n + ALL));
  expect(asked.mock.calls.length).toBeLessThan(100);
});
