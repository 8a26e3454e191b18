import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import type { Component } from "svelte";
import { beforeEach, expect, test } from "vitest";
import {
  install,
  type Backend,
  type NewErrand as Errand,
  type NewPickup as Pickup,
} from "../../backend/backend";
import { SAMPLE_PERSON, SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_CONSENT, SAMPLE_HOUSEHOLD } from "../../backend/fake/people";
import { samplePicture } from "../../backend/fake/picture";
import Framed from "../../gallery/Framed.svelte";
import { toast } from "../../components/toast.svelte";
import { begin, current } from "../../navigation/router.svelte";
import { hearScanner } from "../../scanner/wedge";
import { nowMs, restart } from "../../session.svelte";
import { limitsOf } from "./cold-limits";
import { dueUntil } from "./due";
import New from "./New.svelte";
import NewErrand from "./NewErrand.svelte";
import NewHousehold from "./NewHousehold.svelte";
import NewParcel from "./NewParcel.svelte";
import NewPickup from "./NewPickup.svelte";
import { blankItem, shoppingFrom } from "./typed-shopping";

async function startAs(role: string): Promise<void> {
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, person: { ...SAMPLE_PERSON, role } }),
    }),
  );
  await restart();
}

beforeEach(() => startAs("courier"));

function open(page: Component, over: Partial<Backend> = {}): void {
  install(fakeBackend(over));
  begin("more");
  render(Framed, { screen: page });
}

const shown = () => ({ name: current()?.name, params: current()?.params });

test("an unknown parcel becomes a record and its page opens", async () => {
  open(NewParcel, { scan: () => Promise.resolve({ scan: "new", record: "sample-delivery-9" }) });
  await userEvent.type(screen.getByLabelText("运单号"), "SB0000000009{Enter}");
  expect(shown()).toEqual({ name: "delivery", params: { record: "sample-delivery-9" } });
});

test.each([
  ["courier", { for: "loading_out", place: null }, "新快件已建立，已记为带走"],
  ["clerk", { for: "scanning_in", place: "sample-station" }, "新快件已建立，已入库"],
])("what a %s scans is theirs to have, wherever the focus is", async (role, purpose, said) => {
  const scanned: unknown[] = [];
  const stop = hearScanner({ isCovered: () => false, unwanted: () => undefined });
  await startAs(role);
  open(NewParcel, {
    scan: (waybill, asked) => {
      scanned.push([waybill, asked]);
      return Promise.resolve({ scan: "new", record: "sample-delivery-9" });
    },
  });
  (document.activeElement as HTMLElement | null)?.blur();

  await userEvent.keyboard("SB0000000009{Enter}");

  await expect.poll(() => scanned).toEqual([["SB0000000009", purpose]]);
  await expect.poll(() => toast()?.text).toBe(said);
  stop();
});

test("a clerk is offered no tip and no appeal, which are the couriers' alone", async () => {
  const theirs = () => screen.queryAllByRole("button", { name: /随手拍|诉求/ }).length;
  open(New);
  expect(theirs()).toBeGreaterThan(1);
  document.body.replaceChildren();

  await startAs("clerk");
  open(New);

  expect(theirs()).toBe(0);
  expect(screen.getByRole("button", { name: /^快件/ })).toBeDefined();
});

test("a waybill is read from a picture, whatever else is on it, and is seen before it is taken", async () => {
  const scanned: string[] = [];
  open(NewParcel, {
    readPicture: () => Promise.resolve(["https://sample.example/track?n=1", " sb0000000009 "]),
    scan: (waybill) =>
      Promise.resolve({ scan: "new", record: scanned.push(waybill) ? "sample-delivery-9" : "" }),
  });
  await userEvent.upload(screen.getByLabelText("从照片读取"), samplePicture());
  await expect.poll(() => screen.getByLabelText<HTMLInputElement>("运单号").value).toBe("SB0000000009");
  expect(scanned).toEqual([]);
  await userEvent.click(screen.getByTestId("next-act"));
  expect(scanned).toEqual(["SB0000000009"]);
});

test("a picture without a waybill says so and leaves what was typed", async () => {
  open(NewParcel, { readPicture: () => Promise.resolve(["https://sample.example/"]) });
  await userEvent.type(screen.getByLabelText("运单号"), "SB1");
  await userEvent.upload(screen.getByLabelText("从照片读取"), samplePicture());
  expect(await screen.findByText(/照片里没有找到条码/)).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>("运单号").value).toBe("SB1");
});

test("somebody else's parcel is said to be theirs and can be looked at", async () => {
  open(NewParcel, {
    scan: () =>
      Promise.resolve({ scan: "not_mine", record: "sample-delivery-9", assignee: "sample-colleague-1" }),
  });
  await userEvent.type(screen.getByLabelText("运单号"), "SB0000000009{Enter}");
  expect(screen.getByRole("status").textContent).toContain("派给了别人");
  await userEvent.click(screen.getByRole("button", { name: "打开" }));
  expect(shown().params).toEqual({ record: "sample-delivery-9" });
});

test("what is no waybill is said to be none", async () => {
  open(NewParcel, { scan: () => Promise.resolve({ scan: "not_a_waybill", code: "too_short" }) });
  await userEvent.type(screen.getByLabelText("运单号"), "1{Enter}");
  expect(screen.getByRole("alert").textContent).toContain("这不是运单号");
});

test("meat is collected with the limits of its cold box", async () => {
  const saved: Pickup[] = [];
  open(NewPickup, {
    newPickup: (pickup) => Promise.resolve(saved.push(pickup) > 0 ? "sample-pickup-9" : ""),
  });
  await userEvent.click(screen.getByRole("button", { name: "选择牧户" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(await within(sheet).findByRole("button", { name: "样例乙" }));
  await userEvent.click(screen.getByRole("button", { name: "羊肉" }));
  await userEvent.click(screen.getByLabelText("冷冻 −18°C 以下"));
  await userEvent.type(screen.getByLabelText("运费（元）"), "68");
  await pickPlace("在哪里收");
  await userEvent.click(screen.getByLabelText("明天"));
  await userEvent.type(screen.getByLabelText("备注"), " 两箱 ");
  await userEvent.click(screen.getByTestId("next-act"));

  expect(saved).toMatchObject([
    {
      household: "sample-household-1",
      goods: 2,
      cold_min_tenths: null,
      cold_max_tenths: -180,
      price_fen: 6800,
      place: "sample-station",
      due_from_ms: null,
      due_until_ms: dueUntil("tomorrow", nowMs()),
      notes: "两箱",
    },
  ]);
  expect(shown()).toEqual({ name: "pickup", params: { record: "sample-pickup-9" } });
});

/** Picks the station in a form's row for the place. */
async function pickPlace(row: string): Promise<void> {
  const section = screen.getByRole("heading", { name: row }).closest("section") as HTMLElement;
  await userEvent.click(within(section).getByRole("button"));
  const sheet = await screen.findByRole("dialog", { name: row });
  await userEvent.click(await within(sheet).findByRole("button", { name: /样例镇寄递服务站/ }));
  // A sheet gives the page back a moment after it closed.
  await expect.poll(() => document.body.style.pointerEvents).not.toBe("none");
}

test("an errand is brought where the household stays, unless a place is picked, and picking can be undone", async () => {
  const saved: Errand[] = [];
  open(NewErrand, {
    newErrand: (errand) => {
      saved.push(errand);
      return Promise.resolve({ errand: "saved", record: "sample-errand-9" });
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "选择牧户" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(await within(sheet).findByRole("button", { name: "样例乙" }));
  await userEvent.type(screen.getByLabelText("物品 1"), "砖茶");
  await pickPlace("送到哪里");
  await userEvent.click(screen.getByRole("button", { name: "不指定地点" }));
  await userEvent.click(screen.getByLabelText("今天"));
  await userEvent.click(screen.getByTestId("next-act"));

  expect(saved).toMatchObject([{ place: null, due_until_ms: dueUntil("today", nowMs()), notes: null }]);
});

test("limits that somebody types must fit each other", () => {
  expect(limitsOf("other_limits", "2", "8")).toEqual({ least: 20, most: 80 });
  expect(limitsOf("other_limits", "", "8")).toEqual({ least: null, most: 80 });
  expect(limitsOf("other_limits", "9", "8")).toBeNull();
  expect(limitsOf("other_limits", "cold", "")).toBeNull();
});

test("an errand that nobody asked for is not saved, and the consent can be given there", async () => {
  const saved: Errand[] = [];
  const agreed: unknown[] = [];
  open(NewErrand, {
    household: () =>
      Promise.resolve({
        ...SAMPLE_HOUSEHOLD,
        consents: agreed.map(() => ({ ...SAMPLE_CONSENT, record: "sample-help", scope: 3 })),
      }),
    giveConsent: (consent) => Promise.resolve(agreed.push(consent) > 0 ? "sample-help" : ""),
    newErrand: (errand) => {
      saved.push(errand);
      return Promise.resolve({ errand: "saved", record: "sample-errand-9" });
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "选择牧户" }));
  await userEvent.click(
    await within(await screen.findByRole("dialog")).findByRole("button", { name: "样例乙" }),
  );
  await userEvent.click(screen.getByLabelText("按记下的同意"));
  await userEvent.type(screen.getByLabelText("物品 1"), "面粉");
  await userEvent.type(screen.getByLabelText("没有的话也可以买"), "全麦面粉，玉米面");
  await userEvent.click(screen.getByTestId("next-act"));
  expect((await screen.findByRole("alert")).textContent).toContain("没有保存");
  expect(saved).toEqual([]);

  await userEvent.click(screen.getByRole("button", { name: "现在记下同意" }));
  await userEvent.click(
    await within(await screen.findByRole("dialog")).findByRole("button", { name: "当面说" }),
  );
  await expect
    .poll(() => saved)
    .toMatchObject([
      {
        asked_by: "sample-household-1",
        consent: "sample-help",
        shopping: [{ text: "面粉", quantity: null, or_else: ["全麦面粉", "玉米面"] }],
      },
    ]);
  expect(agreed).toMatchObject([{ to: "errand_help", household: "sample-household-1", how: 1 }]);
  expect(shown()).toEqual({ name: "errand", params: { record: "sample-errand-9" } });
});

test("an errand says what it lacks", async () => {
  open(NewErrand);
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getAllByRole("alert").map((alert) => alert.textContent)).toEqual([
    "请先选择给谁办。",
    "请至少写一样要买的东西。",
  ]);
});

test("entries in which nothing is typed are left out", () => {
  const items = [blankItem(), { ...blankItem(), text: " 砖茶 ", quantity: " 两块 " }];
  expect(shoppingFrom(items)).toEqual([{ text: "砖茶", quantity: "两块", or_else: [] }]);
});

test("a household is registered by a name, and no more is asked for than delivering needs", async () => {
  const names: string[] = [];
  open(NewHousehold, {
    registerHousehold: ({ name }) => Promise.resolve(names.push(name) > 0 ? "sample-household-9" : ""),
  });
  expect(screen.getAllByRole("textbox")).toHaveLength(2);
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toBe("请写姓名。");
  await userEvent.type(screen.getByLabelText("户主姓名"), "样例戊");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(names).toEqual(["样例戊"]);
  expect(shown()).toEqual({ name: "household", params: { record: "sample-household-9" } });
});
