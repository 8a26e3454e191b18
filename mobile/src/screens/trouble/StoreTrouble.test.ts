import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { backend, install } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { gate, restart, watched } from "../../session.svelte";
import StoreTrouble from "./StoreTrouble.svelte";

afterEach(async () => {
  install(fakeBackend());
  await restart();
});

test.each([
  ["key_missing", "找不到打开记录的钥匙"],
  ["future_database", "这些记录是新版应用写的"],
  ["disk_full", "设备存储满了"],
  ["folder_not_writable", "记录所在的文件夹不能写入"],
  ["something_newer", "出了意外"],
])("%s is explained, and nothing is offered that destroys anything", async (code, said) => {
  install(fakeBackend({ start: () => Promise.resolve({ ...SAMPLE_STARTED, store_error: code }) }));
  await restart();
  expect(gate()).toBe("store_trouble");
  render(Framed, { screen: StoreTrouble });

  expect(await screen.findByRole("heading", { name: said })).toBeDefined();
  expect(screen.getByText("什么都没有删，里面的记录原样都在。")).toBeDefined();
  expect(screen.getByText(`代号：${code}`)).toBeDefined();
  const acts = screen.getAllByRole("button").map((button) => button.textContent.trim());
  expect(acts.filter((name) => name !== "")).toEqual(["再试一次"]);
});

test("of a damaged store is saved what can be saved, and it is told what was", async () => {
  let code: string | null = "damaged";
  install(fakeBackend({ start: () => Promise.resolve({ ...SAMPLE_STARTED, store_error: code }) }));
  await restart();
  render(Framed, { screen: StoreTrouble });
  expect(await screen.findByRole("heading", { name: "记录文件受损" })).toBeDefined();
  expect(screen.queryByText("什么都没有删，里面的记录原样都在。")).toBeNull();

  await userEvent.click(screen.getByRole("button", { name: "救出能救的记录" }));

  expect(
    await screen.findByText("只在本机的 214 条记录救出了 212 条，2 条读不出来。 县里有的下次同步会补回来。"),
  ).toBeDefined();
  code = null;
  await userEvent.click(screen.getByRole("button", { name: "继续" }));
  await expect.poll(gate).toBeUndefined();
});

test("what cannot be saved is told by its code, and can be tried again", async () => {
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, store_error: "damaged" }),
      salvage: () => Promise.reject(new SaddlebagError("disk_full")),
    }),
  );
  await restart();
  render(Framed, { screen: StoreTrouble });

  await userEvent.click(await screen.findByRole("button", { name: "救出能救的记录" }));

  expect(await screen.findByRole("alert")).toBeDefined();
  expect(screen.getByRole("button", { name: "救出能救的记录" })).toBeDefined();
});

test("damage that a later read meets stands before all screens", async () => {
  const damaged = () => Promise.reject(new SaddlebagError("damaged"));
  install(watched(fakeBackend({ today: damaged })));
  await restart();
  expect(gate()).toBeUndefined();

  await expect(backend().today()).rejects.toThrow();

  expect(gate()).toBe("store_trouble");
});

test("it can be tried again, and opens once it can", async () => {
  let code: string | null = "key_store_locked";
  install(fakeBackend({ start: () => Promise.resolve({ ...SAMPLE_STARTED, store_error: code }) }));
  await restart();
  render(Framed, { screen: StoreTrouble });

  code = null;
  await userEvent.click(await screen.findByRole("button", { name: "再试一次" }));

  await expect.poll(gate).toBeUndefined();
});
