import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type Backend, type FactDraft } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_CONSENT, SAMPLE_HOUSEHOLD } from "../../backend/fake/people";
import Framed from "../../gallery/Framed.svelte";
import Household from "./Household.svelte";
import HouseholdData from "./HouseholdData.svelte";

const RECORD = "sample-household-1";

function open(over: Partial<Backend>, page: typeof Household | typeof HouseholdData = Household): void {
  install(fakeBackend(over));
  render(Framed, { screen: page as typeof Household, params: { record: RECORD } });
}

test("calls the household by its record", async () => {
  const called: string[] = [];
  open({ call: (record) => Promise.resolve(called.push(record) > 0) });
  await userEvent.click(await screen.findByRole("button", { name: "打电话" }));
  expect(called).toEqual([RECORD]);
});

test("who may not see the numbers is offered no call that could not be made", async () => {
  const masked = { ...SAMPLE_HOUSEHOLD, name: "样**", is_whole: false, phones: [], phones_known: true };
  open({ household: () => Promise.resolve(masked) });
  expect(await screen.findByText("有号码，现在不显示")).toBeDefined();
  expect(screen.queryByRole("button", { name: "打电话" })).toBeNull();
});

test("takes a number in any digits and says which one is no longer right", async () => {
  const given: string[] = [];
  const wrong: string[] = [];
  open({
    phoneGiven: (_, number) => Promise.resolve(given.push(number) > 0 ? "7:50" : ""),
    phoneNoLongerRight: (_, fact) => Promise.resolve(wrong.push(fact) > 0 ? "7:51" : ""),
  });
  await userEvent.click(await screen.findByRole("button", { name: "12400000003 不对了" }));
  const question = await screen.findByRole("dialog", { name: "这个号码不对了？" });
  expect(wrong).toEqual([]);
  await userEvent.click(within(question).getByRole("button", { name: "划掉这个号码" }));
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "添加号码" }));
  const sheet = await screen.findByRole("dialog", { name: "添加号码" });
  await userEvent.type(within(sheet).getByLabelText("电话号码"), "１２４ 0000 0009{Enter}");

  expect(wrong).toEqual(["7:1"]);
  expect(given).toEqual(["12400000009"]);
});

test("a number that was not recorded stays in its field", async () => {
  open({ phoneGiven: () => Promise.reject(new SaddlebagError("busy")) });
  await userEvent.click(await screen.findByRole("button", { name: "添加号码" }));
  const sheet = await screen.findByRole("dialog", { name: "添加号码" });
  await userEvent.type(within(sheet).getByLabelText("电话号码"), "12400000009{Enter}");

  expect((await within(sheet).findByRole("alert")).textContent).toContain("本机正忙");
  expect(within(sheet).getByLabelText("电话号码")).toHaveProperty("value", "12400000009");
});

test("says that they moved on from the camp where they are", async () => {
  const recorded: FactDraft[] = [];
  open({ record: (drafts) => Promise.resolve(recorded.push(...drafts) > 0 ? ["7:60"] : []) });
  await userEvent.click(await screen.findByRole("button", { name: "搬走了" }));
  expect(recorded).toMatchObject([{ record: "sample-camp", kind: "camp.moved_on" }]);
});

test("withdraws a consent once somebody read what goes with it", async () => {
  const withdrawn: string[] = [];
  open({ withdrawConsent: (consent) => Promise.resolve(withdrawn.push(consent) > 0 ? "7:61" : "") });
  await userEvent.click(await screen.findByRole("button", { name: "撤回" }));
  const sheet = await screen.findByRole("dialog", { name: "撤回这项同意？" });
  expect(sheet.textContent).toContain("样例邻居");
  expect(withdrawn).toEqual([]);
  await userEvent.click(within(sheet).getByRole("button", { name: "撤回" }));
  expect(withdrawn).toEqual(["sample-consent"]);
});

test("lists what is held, and notes that they want to be forgotten only after a second word", async () => {
  const asked: string[] = [];
  open(
    { askedToBeForgotten: (record) => Promise.resolve(asked.push(record) > 0 ? "7:62" : "") },
    HouseholdData,
  );
  expect(await screen.findByText("姓名、电话")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "要求忘记这家" }));
  const sheet = await screen.findByRole("dialog");
  expect(asked).toEqual([]);
  await userEvent.click(within(sheet).getByRole("button", { name: "要求忘记这家" }));
  expect(asked).toEqual([RECORD]);
});

test("withdraws every consent that stands, and none that does not", async () => {
  const withdrawn: string[] = [];
  const consents = ["a", "b", "c"].map((record) => ({ ...SAMPLE_CONSENT, record, stands: record !== "b" }));
  open(
    {
      household: () => Promise.resolve({ ...SAMPLE_HOUSEHOLD, consents }),
      withdrawConsent: (record) => Promise.resolve(withdrawn.push(record) > 0 ? "7:63" : ""),
    },
    HouseholdData,
  );
  await userEvent.click(await screen.findByRole("button", { name: "撤回全部同意" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "撤回全部同意" }));
  expect(withdrawn).toEqual(["a", "c"]);
});
