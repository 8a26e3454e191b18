import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import CountCash from "./CountCash.svelte";

const COURIER = {
  person: "courier-a",
  name: "样例快递员",
  role: 1,
  station: "sample-station",
  is_callable: true,
  is_me: false,
};

async function open(counted: unknown[]): Promise<void> {
  install(
    fakeBackend({
      colleagues: () => Promise.resolve([COURIER, { ...COURIER, person: "me", name: "我", is_me: true }]),
      countCash: (...count) => {
        counted.push(count);
        return Promise.resolve("7:60");
      },
    }),
  );
  await restart();
  render(Framed, { screen: CountCash });
}

const press = async (name: RegExp) => userEvent.click(await screen.findByRole("button", { name }));

test("counts blind: courier, number and sum go in, and no sum comes out", async () => {
  const counted: unknown[] = [];
  await open(counted);

  await press(/样例快递员/);
  await userEvent.type(await screen.findByRole("textbox", { name: "交款编号" }), "３");
  await userEvent.type(screen.getByRole("textbox", { name: "点到的钱（元）" }), "1,234.50");
  await press(/记下点款/);

  expect(counted).toEqual([["courier-a", 3, "sample-station", 123_450]]);
  expect(await screen.findByText("样例快递员，第 3 号")).toBeDefined();
  expect(document.body.textContent).not.toMatch(/1,?234/);
});

test("what is missing is told, and nothing is recorded", async () => {
  const counted: unknown[] = [];
  await open(counted);

  await press(/样例快递员/);
  await userEvent.type(await screen.findByRole("textbox", { name: "交款编号" }), "0");
  await userEvent.type(await screen.findByRole("textbox", { name: "点到的钱（元）" }), "twelve");
  await press(/记下点款/);

  expect(await screen.findByText("请填交款编号。")).toBeDefined();
  expect(await screen.findByText(/请填点到的金额/)).toBeDefined();
  expect(counted).toEqual([]);
});

test("a count typed wrong is taken back, or corrected later, and typed anew", async () => {
  const undone: string[][] = [];
  const corrected: string[] = [];
  install(
    fakeBackend({
      colleagues: () => Promise.resolve([COURIER]),
      countCash: () => Promise.resolve("7:60"),
      undo: (facts) => Promise.resolve((undone.push(facts), facts)),
      correct: (fact) => Promise.resolve((corrected.push(fact), "7:61")),
    }),
  );
  await restart();
  render(Framed, { screen: CountCash });
  await press(/样例快递员/);
  await userEvent.type(await screen.findByRole("textbox", { name: "交款编号" }), "3");
  await userEvent.type(screen.getByRole("textbox", { name: "点到的钱（元）" }), "100");
  await press(/记下点款/);

  toast()?.undo?.();
  expect(await screen.findByDisplayValue("100")).toBeDefined();
  expect(undone).toEqual([["7:60"]]);

  await press(/记下点款/);
  await press(/^更正$/);
  await press(/撤回这一条/);
  expect(await screen.findByDisplayValue("3")).toBeDefined();
  expect(corrected).toEqual(["7:60"]);
});
