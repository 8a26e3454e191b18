import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import type { Component } from "svelte";
import { beforeEach, expect, test } from "vitest";
import { install } from "../backend/backend";
import { fakeBackend } from "../backend/fake/fake";
import type { Place } from "../components/frame";
import Framed from "../gallery/Framed.svelte";
import { begin } from "../navigation/router.svelte";
import { restart } from "../session.svelte";
import NewAppeal from "./appeal/NewAppeal.svelte";
import NewCamp from "./camp/NewCamp.svelte";
import HandIn from "./cash/HandIn.svelte";
import PassCash from "./cash/PassCash.svelte";
import NewConsent from "./consent/NewConsent.svelte";
import NewErrand from "./new/NewErrand.svelte";
import NewPickup from "./new/NewPickup.svelte";
import NewTip from "./tip/NewTip.svelte";

const OF = { household: "sample-household-1" };

beforeEach(async () => {
  install(fakeBackend());
  await restart();
  begin("more");
});

/** Shows a screen as it is opened, and come back to, from one entry of the history. */
function opener(page: Component, params: object, place: Place = { scrollTop: 0 }) {
  return () => render(Framed, { screen: page, params, place });
}

const field = (label: string) => screen.findByLabelText<HTMLInputElement>(label);

test.each<[string, Component<never>, string, object]>([
  ["an errand", NewErrand, "物品 1", {}],
  ["a pickup", NewPickup, "寄到哪里", {}],
  ["a tip", NewTip, "说明（可不写）", {}],
  ["an appeal", NewAppeal, "说说情况", {}],
  ["a camp", NewCamp, "地标", OF],
  ["a consent", NewConsent, "代收人姓名", OF],
  ["cash that is passed on", PassCash, "金额（元）", {}],
  ["cash that is handed in", HandIn, "金额（元）", {}],
])("what was typed of %s is there when one comes back", async (_, page, label, params) => {
  const show = opener(page as Component, params);
  const { unmount } = show();
  await userEvent.type(await field(label), "12");
  unmount();
  show();
  expect((await field(label)).value).toBe("12");
});

test("what was saved is not there again", async () => {
  const show = opener(NewCamp as Component, OF);
  const { unmount } = show();
  await userEvent.type(await field("地标"), "白毡房");
  await userEvent.click(screen.getByTestId("next-act"));
  unmount();
  show();
  expect((await field("地标")).value).toBe("");
});

test("a sum that was passed on is not passed on again", async () => {
  const show = opener(PassCash as Component, {});
  const { unmount } = show();
  await userEvent.type(await field("金额（元）"), "100");
  await userEvent.click(screen.getByLabelText("样例同事一"));
  await userEvent.click(screen.getByTestId("next-act"));
  await screen.findByTestId("cash-code");
  unmount();
  show();
  expect((await field("金额（元）")).value).toBe("");
});
