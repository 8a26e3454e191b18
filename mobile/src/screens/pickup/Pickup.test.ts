import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { install, type Backend, type FactDraft, type RecordPage } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import { samplePicture } from "../../backend/fake/picture";
import { factsOf, samplePickup } from "../../backend/fake/pickup";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Pickup from "./Pickup.svelte";

const recorded: FactDraft[][] = [];
const undone: string[][] = [];

async function open(page: RecordPage, over: Partial<Backend> = {}): Promise<void> {
  install(
    fakeBackend({
      show: () => Promise.resolve(page),
      record: (drafts) => Promise.resolve(recorded.push(drafts) > 0 ? ["7:30"] : []),
      undo: (facts) => Promise.resolve(undone.push(facts) > 0 ? ["7:31"] : []),
      ...over,
    }),
  );
  await restart();
  render(Framed, { screen: Pickup, params: { record: page.record } });
  await screen.findByRole("heading", { level: 1, name: "揽收" });
}

function done(...kinds: string[]): RecordPage {
  return samplePickup({ facts: factsOf("pickup", ...kinds.map((kind): [string] => [kind])) });
}

beforeEach(() => {
  recorded.length = 0;
  undone.length = 0;
});

test("notes the kind of document and nothing else of it", async () => {
  await open(done());
  await userEvent.click(screen.getByRole("button", { name: "核验身份" }));
  await userEvent.click(await screen.findByRole("button", { name: "居民身份证" }));

  expect(recorded).toEqual([
    [
      {
        record: "sample-pickup-1",
        kind: "pickup.identity_checked",
        fields: { document: 1 },
        fix: null,
        signature: null,
      },
    ],
  ]);
});

test("says by one tap what needs no more than to be said", async () => {
  await open(done("identity_checked"));
  await userEvent.click(screen.getByRole("button", { name: "验视完毕，可以寄" }));

  expect(recorded[0]?.map((draft) => draft.kind)).toEqual(["pickup.contents_inspected"]);
});

test("takes a weight in kilograms and refuses what is none", async () => {
  await open(done("identity_checked", "contents_inspected"));
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog", { name: "称重" });
  await userEvent.type(within(sheet).getByLabelText("重量（公斤）"), "0");
  await userEvent.click(within(sheet).getByRole("button", { name: "保存" }));
  expect(within(sheet).getByRole("alert").textContent).toContain("0.001 到 1000");
  expect(recorded).toEqual([]);

  await userEvent.type(within(sheet).getByLabelText("重量（公斤）"), ".75");
  await userEvent.click(within(sheet).getByRole("button", { name: "保存" }));
  expect(recorded[0]?.[0]?.fields).toEqual({ grams: 750 });
});

test("reads the carrier's waybill from a picture of its label", async () => {
  const page = done("identity_checked", "contents_inspected", "weighed", "collected", "screened");
  await open(page, { readPicture: () => Promise.resolve(["样例", "sf 1234567"]) });
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog", { name: "交给承运人" });
  await userEvent.upload(await within(sheet).findByLabelText("从照片读取"), samplePicture());

  const field = within(sheet).getByLabelText<HTMLInputElement>("承运人的运单号");
  await expect.poll(() => field.value).toBe("SF1234567");
});

test("hands to the one carrier that is known, by its waybill", async () => {
  await open(done("identity_checked", "contents_inspected", "weighed", "collected", "screened"));
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog", { name: "交给承运人" });
  await userEvent.type(await within(sheet).findByLabelText("承运人的运单号"), "sf 1234567{Enter}");

  expect(recorded[0]?.[0]).toMatchObject({
    kind: "pickup.handed_to_carrier",
    fields: { carrier: "sample-carrier", waybill: "SF1234567" },
  });
});

test("a reading that was not recorded stays to be recorded again", async () => {
  await open(done(), { record: () => Promise.reject(new SaddlebagError("busy")) });
  await userEvent.click(screen.getByRole("button", { name: "记录温度" }));
  const sheet = await screen.findByRole("dialog", { name: "记录温度" });
  await userEvent.type(within(sheet).getByLabelText("读数（°C）"), "4{Enter}");

  expect((await within(sheet).findByRole("alert")).textContent).toContain("本机正忙");
  expect(within(sheet).getByLabelText("读数（°C）")).toHaveProperty("value", "4");
});

test("what was refused for its goods and not recorded is not closed over", async () => {
  await open(done(), { record: () => Promise.reject(new SaddlebagError("busy")) });
  await userEvent.click(screen.getByRole("button", { name: "有禁寄物品，不收" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.type(within(sheet).getByRole("textbox"), "样例违禁品");
  await userEvent.click(within(sheet).getByRole("button", { name: "拒收并留在寄件人处" }));

  expect((await within(sheet).findByRole("alert")).textContent).toContain("本机正忙");
  expect(within(sheet).getByRole("textbox")).toHaveProperty("value", "样例违禁品");
});

test("shows a reading outside its limits as such", async () => {
  const facts = factsOf("pickup", ["temperature", { fields: { temperature: -120 } }]);
  await open(samplePickup({ facts }));
  expect(screen.getByText("−12.0 °C")).toBeDefined();
  expect(screen.getByText("超出要求")).toBeDefined();
});

test("what holds prohibited goods is refused with a word on what they are", async () => {
  await open(done());
  await userEvent.click(screen.getByRole("button", { name: "有禁寄物品，不收" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "拒收并留在寄件人处" }));
  expect(within(sheet).getByRole("alert").textContent).toContain("请写明");

  await userEvent.type(within(sheet).getByLabelText("是什么物品"), "煤气罐");
  await userEvent.click(within(sheet).getByRole("button", { name: "拒收并留在寄件人处" }));
  expect(recorded[0]?.[0]).toMatchObject({ kind: "pickup.prohibited_refused", fields: { note: "煤气罐" } });
});

test("pays a granted subsidy from one's own cash to the sender", async () => {
  const all = ["collected", "handed_to_carrier", "arrived", "subsidy_claimed"].map((kind): [string] => [
    kind,
  ]);
  await open(
    samplePickup({ facts: factsOf("pickup", ...all, ["subsidy_granted", { fields: { fen: 1500 } }]) }),
  );
  await userEvent.click(screen.getByTestId("next-act"));
  const sheet = await screen.findByRole("dialog", { name: "补贴付给寄件人" });
  await userEvent.click(within(sheet).getByRole("button", { name: "付给寄件人" }));

  expect(recorded[0]?.[0]).toMatchObject({
    kind: "pickup.paid_out",
    fields: { from: "sample-person", to: "sample-household-1", fen: 1500 },
  });
});
