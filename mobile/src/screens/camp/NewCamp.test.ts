import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { install, type NewCamp as Noted } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_NOW_MS } from "../../backend/fake/item";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import NewCamp from "./NewCamp.svelte";
import { seasonAt } from "./seasons";

test("a camp is noted by what one sees and how one gets there", async () => {
  const noted: Noted[] = [];
  install(fakeBackend({ noteCamp: (camp) => Promise.resolve(noted.push(camp) > 0 ? "sample" : "") }));
  render(Framed, { screen: NewCamp, params: { household: "sample-household-1" } });

  await userEvent.click(await screen.findByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("至少一样");
  await userEvent.click(screen.getByLabelText("夏牧场"));
  await userEvent.type(screen.getByLabelText("地标"), "两棵松树");
  await userEvent.click(screen.getByTestId("next-act"));

  expect(noted).toMatchObject([
    {
      household: "sample-household-1",
      season: 2,
      landmark: "两棵松树",
      directions: null,
      position: null,
      days: null,
    },
  ]);
});

test("says so where the phone does not know where it is", async () => {
  install(fakeBackend());
  render(Framed, { screen: NewCamp, params: { household: "sample-household-1" } });
  await userEvent.click(await screen.findByRole("button", { name: "用现在的位置" }));
  expect(await screen.findByText(/手机现在说不出位置/)).toBeDefined();
});

test("the season is that of the month in Beijing", () => {
  const seasons = Array.from({ length: 12 }, (_, month) => seasonAt(Date.UTC(2026, month, 15)));
  expect(seasons).toEqual([4, 4, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4]);
  expect(seasonAt(Date.UTC(2026, 1, 28, 20))).toBe(1);
});

test("on a phone whose clock is years behind it is this season, and a month is a month", async () => {
  vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2019, 0, 15));
  const noted: Noted[] = [];
  install(fakeBackend({ noteCamp: (camp) => Promise.resolve(noted.push(camp) > 0 ? "sample" : "") }));
  await restart();
  render(Framed, { screen: NewCamp, params: { household: "sample-household-1" } });

  await userEvent.type(await screen.findByLabelText("地标"), "两棵松树");
  await userEvent.click(screen.getByLabelText("一个月"));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(noted).toMatchObject([{ season: seasonAt(SAMPLE_NOW_MS), days: 30 }]);
});
