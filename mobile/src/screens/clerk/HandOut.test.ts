import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { install, type Backend, type Item, type StationParcel } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem, SAMPLE_NOW_MS } from "../../backend/fake/item";
import Framed from "../../gallery/Framed.svelte";
import { current } from "../../navigation/router.svelte";
import { hearScanner } from "../../scanner/wedge";
import { restart } from "../../session.svelte";
import HandOut from "./HandOut.svelte";
import HandOutScreen from "./HandOutScreen.svelte";

function parcel(n: number, over: Partial<StationParcel> = {}): StationParcel {
  return {
    ...sampleItem(n, { status: "at_station", title: `样*${n}`, household: null }),
    since_ms: SAMPLE_NOW_MS,
    assignee: null,
    assignee_name: "",
    pickup_code: false,
    ...over,
  };
}

const PARCELS = [
  parcel(1, { assignee: "courier-a", assignee_name: "样例快递员" }),
  parcel(2, { assignee: "courier-a", assignee_name: "样例快递员" }),
  parcel(3, { household: "h", pickup_code: true }),
  parcel(4, { household: "h", pickup_code: true }),
];

let stop: (() => void) | undefined;
afterEach(() => stop?.());

const shown = vi.hoisted(() => ({ innerWidth: { current: 390 } }));
vi.mock("svelte/reactivity/window", () => shown);

async function open(width: number, whose?: string, over: Partial<Backend> = {}): Promise<void> {
  shown.innerWidth.current = width;
  install(fakeBackend({ stationParcels: () => Promise.resolve(PARCELS), ...over }));
  await restart();
  if (whose === undefined) render(Framed, { screen: HandOut });
  else render(Framed, { screen: HandOutScreen, params: { whose } });
}

const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole("button", { name }));

test("a courier's parcels are handed over at once, and one can be left out", async () => {
  const handed: unknown[] = [];
  await open(390, "courier-a", {
    handOver: (records, to) => {
      handed.push([records, to]);
      return Promise.resolve(["1:1"]);
    },
  });

  await userEvent.click(await screen.findByRole("checkbox", { name: /样\*2/ }));
  await press("交给 样例快递员 1 件");

  expect(handed).toEqual([[["sample-delivery-1"], "courier-a"]]);
});

test("an addressee fetches all of the household by pickup code", async () => {
  const delivered: unknown[] = [];
  await open(390, "sample-delivery-3", {
    deliver: (delivering) => {
      delivered.push([delivering.records, delivering.proof]);
      return Promise.resolve({ outcome: "done", facts: ["1:2", "1:3"] });
    },
  });

  await press("收件人取 2 件");
  const sheet = within(await screen.findByRole("dialog"));
  await userEvent.type(sheet.getByRole("textbox"), "4-2071{Enter}");

  await expect
    .poll(() => delivered)
    .toEqual([[["sample-delivery-3", "sample-delivery-4"], { proof: "pickup_code", typed: "4-2071" }]]);
});

test("where no code is known none is asked for: it could not be checked", async () => {
  const delivered: unknown[] = [];
  await open(390, "sample-delivery-3", {
    stationParcels: () => Promise.resolve([parcel(3, { household: "h" })]),
    deliver: (delivering) => {
      delivered.push(delivering.proof.proof);
      return Promise.resolve({ outcome: "done", facts: ["1:2"] });
    },
  });

  await press("收件人取 1 件");
  const sheet = within(await screen.findByRole("dialog"));
  expect(sheet.queryByRole("radio", { name: "取件码" })).toBeNull();
  expect(sheet.getByRole("radio", { name: "签名" })).toBeDefined();
  await userEvent.click(sheet.getByRole("button", { name: "确认交付" }));

  await expect.poll(() => delivered).toEqual(["receiver"]);
});

test("on a station's computer who was chosen stands beside the queue, and a scan chooses too", async () => {
  await open(1280);

  await press(/样例快递员.*2 件/);
  expect(await screen.findByRole("button", { name: "交给 样例快递员 2 件" })).toBeDefined();

  await userEvent.type(screen.getByRole("textbox", { name: /找件/ }), `${PARCELS[2]?.waybill ?? ""}{Enter}`);
  expect(await screen.findByRole("button", { name: "收件人取 2 件" })).toBeDefined();
});

test("a scan of what does not lie here opens nobody's parcels, though one was found before", async () => {
  let answer: (items: Item[]) => void = () => undefined;
  await open(1280, undefined, { search: () => new Promise((answered) => (answer = answered)) });
  stop = hearScanner({ isCovered: () => false, unwanted: () => undefined });
  const field = await screen.findByRole("textbox", { name: /找件/ });
  await userEvent.type(field, "样");
  answer([PARCELS[2] as Item]);
  await screen.findByText("样*3");

  await userEvent.clear(field);
  await userEvent.type(field, "SB9999999999{Enter}");
  answer([]);

  expect(await screen.findByText("站里没有这个件")).toBeDefined();
  expect(screen.queryByRole("button", { name: "收件人取 2 件" })).toBeNull();

  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard("SB8888888888{Enter}");
  expect(await screen.findByText("SB8888888888")).toBeDefined();
  await userEvent.keyboard(`${PARCELS[2]?.waybill?.toLowerCase() ?? ""}{Enter}`);
  expect(await screen.findByRole("button", { name: "收件人取 2 件" })).toBeDefined();
  expect(screen.queryByText("站里没有这个件")).toBeNull();
});

test("an empty station says what to do", async () => {
  await open(390, undefined, { stationParcels: () => Promise.resolve([]) });

  expect(await screen.findByRole("heading", { name: "站里现在没有件。" })).toBeDefined();
});

test("the keyboard leads through the counter", async () => {
  await open(1280);

  await userEvent.keyboard("{F4}");
  expect(current()?.name).toBe("count_cash");
  await userEvent.keyboard("{F2}");
  expect(current()?.name).toBe("scan_in");
});
