import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { install } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem } from "../../backend/fake/item";
import { sampleRoute, sampleStop } from "../../backend/fake/route";
import Framed from "../../gallery/Framed.svelte";
import { current } from "../../navigation/router.svelte";
import DoneToday from "./DoneToday.svelte";
import Today from "./Today.svelte";

const card = (key: string) =>
  document.querySelector<HTMLElement>(`[data-testid="stop-card"][data-key="${key}"]`);

test("shows the day, how far one is, the cash to collect, and the stops in order", async () => {
  install(fakeBackend({ today: () => Promise.resolve(sampleRoute(4)) }));
  render(Framed, { screen: Today });

  expect(await screen.findByRole("heading", { name: "周二 6月2日" })).toBeDefined();
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("3");
  expect(screen.getByText(/应收¥/)).toBeDefined();
  const keys = screen.getAllByTestId("stop-card").map((each) => each.dataset["key"]);
  expect(keys).toEqual(["sample-stop-0", "sample-stop-1", "sample-stop-2", "sample-stop-3"]);
});

test("opens the stop that is touched, and the next one by the big button", async () => {
  install(fakeBackend({ today: () => Promise.resolve(sampleRoute(3)) }));
  render(Framed, { screen: Today });
  await screen.findAllByTestId("stop-card");

  await userEvent.click(card("sample-stop-2") as HTMLElement);
  expect(current()).toMatchObject({ name: "stop", params: { stop: "sample-stop-2" } });

  await userEvent.click(screen.getByTestId("next-act"));
  expect(current()).toMatchObject({ name: "stop", params: { stop: "sample-stop-0" } });
});

test("moves a stop without dragging it", async () => {
  const moved: unknown[] = [];
  const route = { ...sampleRoute(3), stops: [sampleStop(0), { ...sampleStop(1), household_name: "样例移" }] };
  install(
    fakeBackend({
      today: () => Promise.resolve(route),
      moveStop: (stop, to) => {
        moved.push([stop, to]);
        return Promise.resolve({ stops: 2, moved: 1 });
      },
    }),
  );
  render(Framed, { screen: Today });

  await userEvent.click(await screen.findByRole("button", { name: "调整顺序：样例移" }));
  await userEvent.click(await screen.findByRole("button", { name: "下一个就去" }));

  expect(moved).toEqual([["sample-stop-1", "first"]]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("puts all stops in order by one touch", async () => {
  let asked = 0;
  install(
    fakeBackend({
      orderStops: () => {
        asked += 1;
        return Promise.resolve({ stops: 12, moved: 4 });
      },
    }),
  );
  render(Framed, { screen: Today });

  await userEvent.click(await screen.findByRole("button", { name: "帮我排顺序" }));
  await expect.poll(() => asked).toBe(1);
});

test("puts them in order from where one was just found, without waiting for the satellites again", async () => {
  const at = { latitude: 48, longitude: 86, accuracy: 9 };
  const asked: unknown[] = [];
  let ordered: (() => void) | undefined;
  const getCurrentPosition = vi.fn((found: (fix: object) => void) => found({ coords: at }));
  Object.defineProperty(navigator, "geolocation", { configurable: true, value: { getCurrentPosition } });
  install(
    fakeBackend({
      orderStops: (from) => {
        asked.push(from);
        return new Promise((answer) => (ordered = () => answer({ stops: 12, moved: 4 })));
      },
    }),
  );
  render(Framed, { screen: Today });
  const order = await screen.findByRole<HTMLButtonElement>("button", { name: "帮我排顺序" });
  await expect.poll(() => getCurrentPosition.mock.calls.length).toBe(1);

  await userEvent.click(order);
  expect(asked).toEqual([{ lat_e7: 480_000_000, lon_e7: 860_000_000 }]);
  expect(getCurrentPosition).toHaveBeenCalledOnce();
  expect([order.disabled, order.ariaBusy]).toEqual([true, "true"]);

  ordered?.();
  await expect.poll(() => order.disabled).toBe(false);
  Reflect.deleteProperty(navigator, "geolocation");
});

test("says what to do where there are no stops yet, and where all is done", async () => {
  const none = { ...sampleRoute(0), done_today: 0 };
  install(fakeBackend({ today: () => Promise.resolve(none) }));
  const first = render(Framed, { screen: Today });
  expect(await screen.findByRole("heading", { name: "今天没有要跑的站" })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "去装车" }));
  expect(current()).toMatchObject({ name: "load_out" });
  first.unmount();

  install(fakeBackend({ today: () => Promise.resolve({ ...none, done_today: 7 }) }));
  render(Framed, { screen: Today });
  expect(await screen.findByRole("heading", { name: "今天都完成了" })).toBeDefined();
});

test("says so when the route cannot be read, and when the clock is not sure", async () => {
  install(fakeBackend({ today: () => Promise.reject(new SaddlebagError("sample_code")) }));
  const first = render(Framed, { screen: Today });
  expect((await screen.findByRole("alert")).textContent).toContain("sample_code");
  first.unmount();

  install(fakeBackend({ today: () => Promise.resolve({ ...sampleRoute(1), time_is_sure: false }) }));
  render(Framed, { screen: Today });
  expect(await screen.findByText(/时钟没有对过/)).toBeDefined();
});

test("leads to what is done today, the latest first, from where each can be opened", async () => {
  const [last, first] = [sampleItem(91, { status: "delivered" }), sampleItem(90, { status: "delivered" })];
  install(fakeBackend({ doneToday: () => Promise.resolve([last, first]) }));
  const today = render(Framed, { screen: Today });
  await userEvent.click(await screen.findByRole("button", { name: /今天完成 3/ }));
  expect(current()?.name).toBe("done_today");
  today.unmount();

  render(Framed, { screen: DoneToday });
  const rows = await screen.findAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining(last.waybill ?? ""),
    expect.stringContaining(first.waybill ?? ""),
  ]);
  await userEvent.click(screen.getByRole("button", { name: new RegExp(first.waybill ?? "") }));
  expect(current()).toMatchObject({ name: "delivery", params: { record: first.record } });
});

test("says so where nothing is done yet, and offers no way to an empty list", async () => {
  install(
    fakeBackend({
      today: () => Promise.resolve({ ...sampleRoute(2), done_today: 0 }),
      doneToday: () => Promise.resolve([]),
    }),
  );
  const today = render(Framed, { screen: Today });
  expect(await screen.findByText(/今天完成 0/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /今天完成/ })).toBeNull();
  today.unmount();

  render(Framed, { screen: DoneToday });
  expect(await screen.findByRole("heading", { name: "今天还没有完成的" })).toBeDefined();
});

test("says what a colleague has not taken over yet, under the stops", async () => {
  const waiting = {
    ...sampleItem(70, { status: "handed_over" }),
    to: "sample-colleague",
    to_name: "样例同事",
  };
  const mine = { ...sampleRoute(1), handed_over: [waiting] };
  install(fakeBackend({ today: () => Promise.resolve(mine) }));
  render(Framed, { screen: Today });

  expect(await screen.findByRole("heading", { name: "交给同事，等对方接收（1）" })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: /交给：样例同事/ }));
  expect(current()).toMatchObject({ name: "delivery", params: { record: waiting.record } });
});
