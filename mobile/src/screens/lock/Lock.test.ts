import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { install, type Backend, type Started, type Unlock } from "../../backend/backend";
import { SAMPLE_LOCKED, SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { hearScanner } from "../../scanner/wedge";
import { gate, restart } from "../../session.svelte";
import Lock from "./Lock.svelte";

let isLocked = true;
let stop: () => void;
/** What was scanned and no screen wanted. */
const strays: string[] = [];

/** As a hand types. */
const hand = userEvent.setup({ delay: 60 });
/** As a scanner types. */
const scanner = (text: string) => userEvent.keyboard(`${text}{Enter}`);

async function open(over: Partial<Backend> = {}, lockedFor: Partial<Started> = {}): Promise<void> {
  isLocked = true;
  stop = hearScanner({ isCovered: () => false, unwanted: (text) => strays.push(text) });
  install(
    fakeBackend({
      start: () =>
        Promise.resolve(isLocked ? { ...SAMPLE_LOCKED, ...lockedFor } : { ...SAMPLE_STARTED, has_pin: true }),
      ...over,
    }),
  );
  await restart();
  render(Framed, { screen: Lock });
}

afterEach(async () => {
  stop();
  strays.length = 0;
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

  await hand.keyboard("24680１");

  await expect.poll(gate).toBeUndefined();
  expect(tried).toEqual(["246801"]);
});

test("a wrong one says how long to wait, and takes no other until then", async () => {
  await open(answers({ unlock: "wrong", wait_ms: 60_000 }));

  await hand.keyboard("000000");

  expect((await screen.findByText(/密码不对。/)).textContent).toMatch(/请等 (1 分 0|59) 秒 再试/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "5" }).disabled).toBe(true);
});

test("whoever forgot the PIN reads that nothing is lost, before and while they wait", async () => {
  await open(answers({ unlock: "wrong", wait_ms: 60_000 }));
  const told = /忘了密码也不会丢东西.*多等一会儿.*绝不会清除.*可以扫描/;
  expect(screen.getByText(told)).toBeDefined();

  await hand.keyboard("000000");

  expect(await screen.findByText(/密码不对。/)).toBeDefined();
  expect(screen.getByText(told)).toBeDefined();
});

test("after the wait one can go on", async () => {
  await open(answers({ unlock: "wait", wait_ms: 30 }));

  await hand.keyboard("000000");

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

test.each([
  ["a courier takes along", "courier", { for: "loading_out", place: null }],
  ["a clerk's station takes in", "clerk", { for: "scanning_in", place: "sample-station" }],
])("a scanner is heard at once: what it reads %s, and is no try of the PIN", async (_, role, purpose) => {
  const scanned: unknown[] = [];
  const tried: string[] = [];
  await open(
    {
      scan: (waybill, asked) => {
        scanned.push([waybill, asked]);
        return Promise.resolve({ scan: "known", record: waybill });
      },
      unlock: (pin) => {
        tried.push(pin);
        return Promise.resolve({ unlock: "wrong", wait_ms: 30_000 });
      },
    },
    { locked_for: { role, station: "sample-station" } },
  );
  await screen.findByText("请输入6位密码");

  await scanner("7731234567890");
  await scanner("7731234567891");

  await expect
    .poll(() => scanned)
    .toEqual([
      ["7731234567890", purpose],
      ["7731234567891", purpose],
    ]);
  expect((await screen.findByTestId("scan-count")).textContent).toBe("本次 2 件");
  expect(tried).toEqual([]);
  expect(strays).toEqual([]);
});

test("a PIN that is typed in haste, and Enter, is no parcel", async () => {
  const scanned: string[] = [];
  await open({
    scan: (waybill) => {
      scanned.push(waybill);
      return Promise.resolve({ scan: "new", record: waybill });
    },
  });
  await screen.findByText("请输入6位密码");

  await scanner("135790");
  expect(screen.queryByTestId("scan-field")).toBeNull();
  await scanner("7731234567890");

  await expect.poll(() => scanned).toEqual(["7731234567890"]);
});

test("a parcel that has ended is said to have, without what it is", async () => {
  await open({ scan: () => Promise.resolve({ scan: "ended", record: "sample-delivery-1" }) });

  await scanner("SB0000000001");

  await expect.poll(() => screen.getByTestId("scan-result").textContent).toContain("这件已经办完");
});
