import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { install, type Backend, type Unlock } from "../../backend/backend";
import { SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { gate, restart } from "../../session.svelte";
import Lock from "./Lock.svelte";

let isLocked = true;

async function open(over: Partial<Backend> = {}): Promise<void> {
  isLocked = true;
  install(
    fakeBackend({
      start: () =>
        Promise.resolve(
          isLocked
            ? { ...SAMPLE_STARTED, person: null, has_pin: true, is_locked: true }
            : { ...SAMPLE_STARTED, has_pin: true },
        ),
      ...over,
    }),
  );
  await restart();
  render(Framed, { screen: Lock });
}

afterEach(async () => {
  install(fakeBackend());
  await restart();
});

const answers = (unlock: Unlock): Partial<Backend> => ({ unlock: () => Promise.resolve(unlock) });

test("the right PIN opens", async () => {
  const tried: string[] = [];
  await open({
    unlock: (pin) => {
      tried.push(pin);
      isLocked = false;
      return Promise.resolve({ unlock: "open" });
    },
  });
  expect(gate()).toBe("lock");

  await userEvent.keyboard("24680１");

  await expect.poll(gate).toBeUndefined();
  expect(tried).toEqual(["246801"]);
});

test("a wrong one says how long to wait, and takes no other until then", async () => {
  await open(answers({ unlock: "wrong", wait_ms: 60_000 }));

  await userEvent.keyboard("000000");

  expect((await screen.findByText(/密码不对。/)).textContent).toMatch(/请等 (1 分 0|59) 秒 再试/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "5" }).disabled).toBe(true);
});

test("whoever forgot the PIN reads that nothing is lost, before and while they wait", async () => {
  await open(answers({ unlock: "wrong", wait_ms: 60_000 }));
  const told = /忘了密码也不会丢东西.*多等一会儿.*绝不会清除.*可以扫描/;
  expect(screen.getByText(told)).toBeDefined();

  await userEvent.keyboard("000000");

  expect(await screen.findByText(/密码不对。/)).toBeDefined();
  expect(screen.getByText(told)).toBeDefined();
});

test("after the wait one can go on", async () => {
  await open(answers({ unlock: "wait", wait_ms: 30 }));

  await userEvent.keyboard("000000");

  const five = () => screen.getByRole<HTMLButtonElement>("button", { name: "5" });
  await expect.poll(() => five().disabled).toBe(false);
});

test("a parcel can be scanned though it is locked, and nobody's name is read", async () => {
  const asked: unknown[] = [];
  await open({
    scan: (waybill, purpose) => {
      asked.push([waybill, purpose]);
      return Promise.resolve({ scan: "known", record: "sample-delivery-1" });
    },
    show: () => Promise.reject(new Error("a locked app reads no record")),
  });

  await userEvent.click(await screen.findByRole("button", { name: "扫描包裹" }));
  await userEvent.type(await screen.findByTestId("scan-field"), "SB0000000001{Enter}");

  await expect.poll(() => asked).toEqual([["SB0000000001", { for: "loading_out", place: null }]]);
  expect((await screen.findByTestId("scan-result")).dataset.outcome).toBe("good");
});
