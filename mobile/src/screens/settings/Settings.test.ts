import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { install, type Backend, type Settings as Kept } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import { setLocale } from "../../texts/texts.svelte";
import Settings from "./Settings.svelte";
import ThisDevice from "./ThisDevice.svelte";

async function open(over: Partial<Backend> = {}): Promise<void> {
  install(fakeBackend(over));
  await restart();
  render(Framed, { screen: Settings });
}

afterEach(async () => {
  install(fakeBackend());
  await restart();
});

test("each choice is in force and kept at once", async () => {
  const kept: Kept[] = [];
  await open({ saveSettings: (settings) => Promise.resolve(void kept.push(settings)) });

  await userEvent.click(await screen.findByRole("radio", { name: "强对比" }));
  await userEvent.click(await screen.findByRole("radio", { name: "特大" }));
  await userEvent.click(await screen.findByRole("switch", { name: /同时显示新疆时间/ }));

  expect(document.documentElement.dataset).toMatchObject({ theme: "contrast", textSize: "3" });
  expect(kept.at(-1)).toMatchObject({ theme: "contrast", text_size: 3, xinjiang_time: true });
});

test("the language and its direction change at once", async () => {
  // Loaded beforehand, so that nothing here waits for a file.
  await setLocale("kk-Arab");
  await open();

  await userEvent.click(await screen.findByRole("radio", { name: "قازاقشا" }));

  expect(await screen.findByRole("heading", { level: 1, name: "باپتاۋلار" })).toBeDefined();
  expect(document.documentElement.dir).toBe("rtl");
});

test("says when a choice could not be kept", async () => {
  await open({ saveSettings: () => Promise.reject(new SaddlebagError("disk_full")) });

  await userEvent.click(await screen.findByRole("radio", { name: "深色" }));

  expect(await screen.findByRole("alert")).toBeDefined();
});

test("tells whose device it is and where its key is kept", async () => {
  install(fakeBackend());
  await restart();
  render(Framed, { screen: ThisDevice });

  for (const said of ["样例骑手", "快递员", "样例镇寄递服务站", "系统密钥库", "https://county.invalid"]) {
    expect(await screen.findByText(said)).toBeDefined();
  }
});
