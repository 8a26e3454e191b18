import { fireEvent, render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type Backend } from "../../backend/backend";
import { SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import LockSetting from "./LockSetting.svelte";

/** As a hand types. */
const hand = userEvent.setup({ delay: 60 });

interface Device {
  pin: string | null;
}

async function open(device: Device, over: Partial<Backend> = {}): Promise<void> {
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, has_pin: device.pin !== null }),
      setPin: (pin) => Promise.resolve(void (device.pin = pin)),
      unlock: (pin) =>
        Promise.resolve(pin === device.pin ? { unlock: "open" } : { unlock: "wrong", wait_ms: 0 }),
      ...over,
    }),
  );
  await restart();
  render(Framed, { screen: LockSetting });
}

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));

async function touch(pin: string): Promise<void> {
  for (const digit of pin) await fireEvent.click(screen.getByText(digit, { selector: "button" }));
}

test("a PIN is entered twice, by touching keys", async () => {
  const device: Device = { pin: null };
  await open(device);

  await press("设置密码");
  await touch("135790");
  expect(device.pin).toBeNull();
  expect(await screen.findByText("请再输入一次")).toBeDefined();
  await touch("135790");

  expect(await screen.findByText("密码已设置。")).toBeDefined();
  expect(device.pin).toBe("135790");
  expect(await screen.findByText("已开启")).toBeDefined();
});

test("says before it is set what a forgotten one means", async () => {
  await open({ pin: null });

  expect(await screen.findByText(/忘了密码也不会丢东西.*绝不会清除.*可以扫描/)).toBeDefined();
});

test("two that differ set nothing", async () => {
  const device: Device = { pin: null };
  await open(device);

  await press("设置密码");
  await hand.keyboard("135790");
  expect(await screen.findByText("请再输入一次")).toBeDefined();
  await hand.keyboard("135791");

  expect(await screen.findByText("两次不一样，请重新设置。")).toBeDefined();
  expect(device.pin).toBeNull();
});

test("only who knows the present PIN turns the lock off, and a keyboard serves as well", async () => {
  const device: Device = { pin: "135790" };
  await open(device);

  await press("关闭锁定");
  await hand.keyboard("000000");
  expect(await screen.findByText(/密码不对/)).toBeDefined();
  expect(device.pin).toBe("135790");
  await hand.keyboard("13{Backspace}35790");

  expect(await screen.findByText("锁定已关闭。")).toBeDefined();
  expect(device.pin).toBeNull();
});
