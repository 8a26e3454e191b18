import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { install, type Backend, type Delivering, type RouteItem, type StopPage } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem } from "../../backend/fake/item";
import { sampleStopPage } from "../../backend/fake/route";
import { forgetAll } from "../../backend/live.svelte";
import * as covers from "../../components/covers.svelte";
import Framed from "../../gallery/Framed.svelte";
import { begin, current, followHistory, go } from "../../navigation/router.svelte";
import Stop from "./Stop.svelte";

const KEY = "sample-stop-2";
const delivered: Delivering[] = [];
let items: RouteItem[] = [];
let byAddressee: string[][] = [];
let changed: (() => void)[] = [];

function page(): StopPage {
  const sample = sampleStopPage(KEY);
  return { ...sample, by_addressee: byAddressee, stop: { ...sample.stop, items } };
}

/** Parcels of this name, each waiting for whoever it says; `carried` says whether it was loaded out. */
function parcel(record: string, title: string, carried = true): RouteItem {
  return sampleItem(1, {
    record,
    title,
    waybill: record,
    household: null,
    status: carried ? "in_bag" : "planned",
  });
}

/** A stop with these parcels, group by group. */
async function open(...groups: RouteItem[][]): Promise<void> {
  items = groups.flat();
  byAddressee = groups.map((group) => group.map(({ record }) => record));
  const backend: Partial<Backend> = {
    stop: () => Promise.resolve(page()),
    onChanged: (told) => {
      changed.push(() => {
        told([]);
      });
      return () => undefined;
    },
    deliver: (delivering) => {
      delivered.push(delivering);
      items = items.filter(({ record }) => !delivering.records.includes(record));
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  };
  install(fakeBackend(backend));
  render(Framed, { screen: Stop, params: { stop: KEY } });
  await screen.findByTestId("next-act");
}

function boxes(): HTMLInputElement[] {
  return screen.getAllByRole<HTMLInputElement>("checkbox");
}

function box(at: number): HTMLInputElement {
  return boxes()[at] as HTMLInputElement;
}

const ticks = () => boxes().map(({ checked }) => checked);

async function handOver(): Promise<void> {
  await userEvent.click(screen.getByTestId("next-act"));
  await userEvent.click(await screen.findByText("确认交付"));
}

function sync(...more: RouteItem[]): void {
  items = [...items, ...more];
  byAddressee = [
    ...byAddressee.slice(0, -1),
    [...(byAddressee.at(-1) ?? []), ...more.map(({ record }) => record)],
  ];
  for (const tell of changed) tell();
}

let stopFollowing: () => void;

beforeEach(() => {
  stopFollowing = followHistory(covers);
  delivered.length = 0;
  changed = [];
  forgetAll();
  begin("today");
  go("stop", { stop: KEY });
});

afterEach(() => {
  stopFollowing();
});

test("strangers at one place are not handed over together unasked", async () => {
  await open([parcel("A1", "样例甲")], [parcel("B1", "样例乙")]);

  expect(ticks()).toEqual([false, false]);
  expect(screen.getByTestId("next-act")).toHaveProperty("disabled", true);
  expect(screen.getByText(/这里有 2 位收件人/)).toBeDefined();

  await userEvent.click(box(1));
  await handOver();
  expect(delivered[0]?.records).toEqual(["B1"]);
  expect(current()?.name).toBe("stop");
});

test("all of one addressee are ticked by one touch", async () => {
  await open([parcel("A1", "样例甲"), parcel("A2", "样例甲")], [parcel("B1", "样例乙")]);
  expect(screen.getByText("样例甲，共 2 件")).toBeDefined();
  const all = box(0);

  await userEvent.click(all);
  expect(ticks()).toEqual([true, true, true, false]);
  await userEvent.click(box(2));
  expect([all.checked, all.indeterminate]).toEqual([false, true]);
  await userEvent.click(all);
  await handOver();
  expect(delivered[0]?.records).toEqual(["A1", "A2"]);
});

test("where the parcels that are carried are for one person, those are ticked", async () => {
  await open([parcel("A1", "样例甲"), parcel("A2", "样例甲", false)], [parcel("B1", "样例乙", false)]);

  await handOver();
  expect(delivered[0]?.records).toEqual(["A1"]);
});

test("what a sync brings while one looks is not ticked", async () => {
  await open([parcel("A1", "样例甲", false), parcel("A2", "样例甲", false)]);
  await expect.poll(ticks).toEqual([true, true]);

  sync(parcel("A3", "样例甲", false));
  await expect.poll(ticks).toEqual([true, true, false]);
  await handOver();
  expect(delivered[0]?.records).toEqual(["A1", "A2"]);
});

test("what was left out stays so after the act", async () => {
  await open([parcel("A1", "样例甲"), parcel("A2", "样例甲"), parcel("A3", "样例甲")]);
  await userEvent.click(box(1));
  await handOver();
  expect(delivered[0]?.records).toEqual(["A1", "A3"]);
  await expect.poll(ticks).toEqual([false]);
  expect(current()?.name).toBe("stop");
});

test("the stop is left with the last of what there is", async () => {
  await open([parcel("A1", "样例甲"), parcel("A2", "样例甲")]);
  await handOver();
  await expect.poll(() => current()?.name).toBe("today");
});

test("the last that is carried does not close a stop where another waits to be loaded", async () => {
  await open([parcel("A1", "样例甲"), parcel("A2", "样例甲", false)]);
  await handOver();
  expect(delivered[0]?.records).toEqual(["A1"]);
  await expect.poll(ticks).toEqual([false]);
  expect(current()?.name).toBe("stop");
});
