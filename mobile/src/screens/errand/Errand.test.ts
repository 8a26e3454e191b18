import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { install, type Backend, type FactDraft, type RecordPage, type Status } from "../../backend/backend";
import { sampleErrand } from "../../backend/fake/errand";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import { factsOf } from "../../backend/fake/pickup";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Errand from "./Errand.svelte";

const recorded: FactDraft[][] = [];
const BATTERIES = "0000000000000003";

async function open(page: RecordPage, over: Partial<Backend> = {}): Promise<void> {
  install(
    fakeBackend({
      show: () => Promise.resolve(page),
      record: (drafts) => Promise.resolve(recorded.push(drafts) > 0 ? ["7:30"] : []),
      ...over,
    }),
  );
  await restart();
  render(Framed, { screen: Errand, params: { record: page.record } });
  await screen.findByRole("heading", { level: 1, name: "代办" });
}

function staged(state: string, facts = sampleErrand().facts): RecordPage {
  const page = sampleErrand({ facts });
  return { ...page, status: { ...page.status, state } as Status };
}

beforeEach(() => {
  recorded.length = 0;
});

test("is taken on by one tap", async () => {
  await open(staged("planned", []));
  await userEvent.click(screen.getByRole("button", { name: "接下代办" }));
  expect(recorded[0]?.map(({ kind }) => kind)).toEqual(["errand.accepted"]);
});

test("buys the next thing, or what may stand for it, for a price", async () => {
  await open(staged("bought"));
  await userEvent.click(screen.getByRole("button", { name: "买 电池" }));
  const sheet = await screen.findByRole("dialog", { name: "电池" });
  await userEvent.click(within(sheet).getByRole("button", { name: "买到了" }));
  expect(within(sheet).getByRole("alert").textContent).toContain("价格");

  await userEvent.type(within(sheet).getByLabelText("价格（元）"), "26.5");
  await userEvent.click(within(sheet).getByLabelText("充电灯"));
  await userEvent.click(within(sheet).getByRole("button", { name: "买到了" }));
  expect(recorded[0]?.[0]).toMatchObject({
    kind: "errand.bought",
    fields: { item: BATTERIES, name: "充电灯", from: "sample-person", to: "sample-errand-1", fen: 2650 },
  });
});

test("what is written in more words than the fact holds is bought all the same", async () => {
  const page = staged("bought");
  const text = "样".repeat(100);
  const plan = { ...page.plan, fields: { shopping: [{ id: BATTERIES, text, or_else: ["例".repeat(60)] }] } };
  await open({ ...page, plan } as RecordPage);
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog");
  await userEvent.type(within(sheet).getByLabelText("价格（元）"), "8");
  await userEvent.click(within(sheet).getByRole("button", { name: "买到了" }));
  expect(recorded[0]?.[0]?.fields["name"]).toBe(`${"样".repeat(59)}…`);
});

test("an advance that was not recorded stays in its field", async () => {
  await open(staged("bought"), { record: () => Promise.reject(new SaddlebagError("busy")) });
  await userEvent.click(screen.getByRole("button", { name: "收预付款" }));
  const sheet = await screen.findByRole("dialog", { name: "收预付款" });
  await userEvent.type(within(sheet).getByLabelText("金额（元）"), "50{Enter}");

  expect((await within(sheet).findByRole("alert")).textContent).toContain("本机正忙");
  expect(within(sheet).getByLabelText("金额（元）")).toHaveProperty("value", "50");
});

test("says that something could not be had", async () => {
  await open(staged("bought"));
  await userEvent.click(screen.getByRole("button", { name: "买 电池" }));
  const sheet = await screen.findByRole("dialog", { name: "电池" });
  await userEvent.click(within(sheet).getByRole("button", { name: "买不到" }));
  expect(recorded[0]?.[0]).toMatchObject({ kind: "errand.not_to_be_had", fields: { item: BATTERIES } });
});

test("hands over and gives the change in one act", async () => {
  const facts = [
    ...sampleErrand().facts,
    ...factsOf("errand", ["not_to_be_had", { fact: "7:200", fields: { item: BATTERIES } }]),
  ];
  await open(staged("bought", facts));
  await userEvent.click(screen.getByRole("button", { name: "交付并结清" }));
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByLabelText("同时找零 ¥102.00")).toBeDefined();
  await userEvent.click(within(sheet).getByRole("button", { name: "确认交付" }));

  expect(recorded).toHaveLength(1);
  expect(recorded[0]).toMatchObject([
    { kind: "errand.delivered_and_confirmed", fields: { proof: "receiver_named", receiver: "样例甲" } },
    { kind: "errand.change_given", fields: { from: "sample-person", to: "sample-household-1", fen: 10_200 } },
  ]);
});

test("a signature that is not there is asked for", async () => {
  await open(staged("bought", bought()));
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByLabelText("签名"));
  await userEvent.click(within(sheet).getByRole("button", { name: "确认交付" }));
  expect(within(sheet).getByRole("alert").textContent).toContain("请先签名");
  expect(recorded).toEqual([]);
});

test("what the asker owes after it was handed over can still be settled", async () => {
  await open(staged("delivered", bought()));
  await userEvent.click(screen.getByRole("button", { name: "结清余款" }));
  expect(recorded[0]).toMatchObject([
    { kind: "errand.reimbursed", fields: { from: "sample-household-1", to: "sample-person", fen: 300 } },
  ]);
});

/** All three things bought, for 1 yuan each. */
function bought() {
  const items = ["1", "2", "3"].map((n) => n.padStart(16, "0"));
  return factsOf(
    "errand",
    ...items.map((item): [string, object] => ["bought", { fields: { item, name: "样例", fen: 100 } }]),
  );
}
