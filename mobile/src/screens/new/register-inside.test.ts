import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type Backend, type Item, type NewPickup as Pickup } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem } from "../../backend/fake/item";
import { uncover } from "../../components/covers.svelte";
import Framed from "../../gallery/Framed.svelte";
import { begin, current } from "../../navigation/router.svelte";
import NewErrand from "./NewErrand.svelte";
import NewPickup from "./NewPickup.svelte";

function open(page: typeof NewErrand, over: Partial<Backend> = {}): void {
  install(fakeBackend(over));
  begin("more");
  render(Framed, { screen: page });
}

test("a household that is not known is registered inside the form, and what was typed there stays", async () => {
  const saved: Pickup[] = [];
  const known: Item[] = [];
  open(NewPickup, {
    households: () => Promise.resolve([...known]),
    registerHousehold: ({ name }) => {
      known.push({ ...sampleItem(9), kind: "household", record: "sample-household-9", title: name });
      return Promise.resolve("sample-household-9");
    },
    newPickup: (pickup) => Promise.resolve(saved.push(pickup) > 0 ? "sample-pickup-9" : ""),
  });
  await userEvent.type(screen.getByLabelText("备注"), "两袋");
  await userEvent.click(screen.getByRole("button", { name: "羊肉" }));
  await userEvent.click(screen.getByRole("button", { name: "选择牧户" }));
  const sheet = within(await screen.findByRole("dialog"));
  await userEvent.type(sheet.getByLabelText("姓名"), "样例戊");
  await userEvent.click(sheet.getByRole("button", { name: "登记新的一家" }));
  expect(sheet.getByLabelText<HTMLInputElement>("户主姓名").value).toBe("样例戊");
  await userEvent.click(sheet.getByRole("button", { name: "登记牧户" }));

  expect(await screen.findByRole("button", { name: /样例戊/ })).toBeDefined();
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(current()?.name).toBe("more");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(saved).toMatchObject([{ household: "sample-household-9", goods: 2, notes: "两袋" }]);
});

test("going back from registering leads to the households, and then to the form", async () => {
  open(NewErrand);
  await userEvent.click(screen.getByRole("button", { name: "选择牧户" }));
  const sheet = within(await screen.findByRole("dialog"));
  await userEvent.click(sheet.getByRole("button", { name: "登记新的一家" }));
  expect(uncover()).toBe(true);
  expect(await sheet.findByLabelText("姓名")).toBeDefined();
  expect(uncover()).toBe(true);
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(uncover()).toBe(false);
});
