import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem } from "../../backend/fake/item";
import Framed from "../../gallery/Framed.svelte";
import { current } from "../../navigation/router.svelte";
import { remembered } from "./remembered.svelte";
import Search from "./Search.svelte";

beforeEach(() => {
  remembered.typed = "";
});

test("finds from the first character on, by kind, and opens what is touched", async () => {
  install(
    fakeBackend({
      search: () =>
        Promise.resolve([
          sampleItem(1, { title: "样例甲" }),
          sampleItem(2, {
            kind: "household",
            record: "sample-household",
            title: "样例户",
            status: "registered",
          }),
        ]),
    }),
  );
  render(Framed, { screen: Search });
  expect(screen.getByRole("heading", { name: "开始输入" })).toBeDefined();

  await userEvent.type(screen.getByRole("textbox"), "样");
  expect(await screen.findByRole("heading", { name: "派件" })).toBeDefined();
  expect(screen.getByRole("heading", { name: "牧户" })).toBeDefined();

  await userEvent.click(screen.getByRole("button", { name: /样例户/ }));
  expect(current()).toMatchObject({ name: "household", params: { record: "sample-household" } });
});

test("a slow answer to fewer letters never covers the later one", async () => {
  const answers = new Map<string, () => void>();
  install(
    fakeBackend({
      search: (typed) =>
        new Promise((resolve) => {
          answers.set(typed, () => resolve([sampleItem(1, { title: `样例 ${typed}` })]));
        }),
    }),
  );
  render(Framed, { screen: Search });
  await userEvent.type(screen.getByRole("textbox"), "ab");
  await expect.poll(() => answers.size).toBe(2);

  answers.get("ab")?.();
  expect(await screen.findByText("样例 ab")).toBeDefined();
  answers.get("a")?.();
  await Promise.resolve();

  expect(screen.queryByText("样例 a")).toBeNull();
});

test("says what to do where nothing is found", async () => {
  install(fakeBackend({ search: () => Promise.resolve([]) }));
  render(Framed, { screen: Search });
  await userEvent.type(screen.getByRole("textbox"), "zz");

  expect(await screen.findByRole("heading", { name: "没有找到" })).toBeDefined();
});

test("a whole waybill opens its parcel, however it is written", async () => {
  install(fakeBackend({ search: () => Promise.resolve([sampleItem(1), sampleItem(2)]) }));
  render(Framed, { screen: Search });

  await userEvent.type(screen.getByRole("textbox"), "sb００００００００02{Enter}");

  await expect
    .poll(() => current())
    .toMatchObject({
      name: "delivery",
      params: { record: sampleItem(2).record },
    });
});
