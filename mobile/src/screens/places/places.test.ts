import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { begin, current } from "../../navigation/router.svelte";
import { fakeSatellites, type Satellites } from "../../position/satellites.fake";
import Place from "./Place.svelte";
import Places from "./Places.svelte";

let satellites: Satellites | undefined;

afterEach(() => satellites?.gone());

test("narrows down to rest stations and opens one", async () => {
  install(fakeBackend());
  begin("more");
  render(Framed, { screen: Places });
  await screen.findByRole("button", { name: /样例镇寄递服务站/ });
  await userEvent.click(screen.getByRole("button", { name: "暖蜂驿站", pressed: false }));
  expect(screen.queryByRole("button", { name: /样例镇寄递服务站/ })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /样例暖蜂驿站/ }));
  expect(current()).toMatchObject({ name: "place", params: { record: "sample-place-rest" } });
});

test("finds by a part of the name in any language", async () => {
  install(fakeBackend());
  render(Framed, { screen: Places });
  await userEvent.type(await screen.findByLabelText("按名称查找"), "قىزمەت");
  expect(screen.getByRole("button", { name: /样例村便民服务点/ })).toBeDefined();
  expect(screen.queryByRole("button", { name: /暖蜂驿站 / })).toBeNull();
  await userEvent.clear(screen.getByLabelText("按名称查找"));
  await userEvent.type(screen.getByLabelText("按名称查找"), "没有的名字");
  expect(screen.getByText("没有找到")).toBeDefined();
});

test("says what to do where there are none", async () => {
  install(fakeBackend({ places: () => Promise.resolve([]) }));
  render(Framed, { screen: Places });
  expect(await screen.findByRole("heading", { name: "这部手机里还没有地点" })).toBeDefined();
});

test("a place tells its hours and services and is called by its record", async () => {
  const called: string[] = [];
  install(fakeBackend({ call: (record) => Promise.resolve(called.push(record) > 0) }));
  render(Framed, { screen: Place, params: { record: "sample-place-drop" } });
  expect(await screen.findByText("10:00-19:00")).toBeDefined();
  expect(screen.getByText("5 天")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "打电话" }));
  expect(called).toEqual(["sample-place-drop"]);
});

test("the way to a place counts from where this phone is, as soon as that is known", async () => {
  satellites = fakeSatellites();
  install(fakeBackend());
  render(Framed, { screen: Place, params: { record: "sample-place-drop" } });
  expect(await screen.findByText("从站点算起")).toBeDefined();
  satellites.move(48, 86);
  expect(await screen.findByText("从这里算起")).toBeDefined();
});
