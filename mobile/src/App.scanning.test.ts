import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import App from "./App.svelte";
import { install, type ScanFor, type ScanOutcome } from "./backend/backend";
import { SAMPLE_LOCKED, SAMPLE_PERSON, SAMPLE_STARTED } from "./backend/fake/device";
import { fakeBackend } from "./backend/fake/fake";
import { cover } from "./components/covers.svelte";
import { current, go } from "./navigation/router.svelte";
import { loadScreen } from "./screens/screens";
import { restart } from "./session.svelte";

const PHONE = 390;
const DESKTOP = 1280;
const WAYBILL = "SB0000000001";

const scans: [string, ScanFor["for"]][] = [];

async function start({ width = PHONE, role = "courier", isLocked = false } = {}): Promise<void> {
  scans.length = 0;
  vi.stubGlobal("innerWidth", width);
  install(
    fakeBackend({
      start: () =>
        Promise.resolve(isLocked ? SAMPLE_LOCKED : { ...SAMPLE_STARTED, person: { ...SAMPLE_PERSON, role } }),
      scan: (waybill, purpose) => {
        scans.push([waybill, purpose.for]);
        return Promise.resolve<ScanOutcome>({ scan: "known", record: "sample-delivery-1" });
      },
    }),
  );
  await restart();
  render(App);
}

const scan = () => userEvent.keyboard(`${WAYBILL}{Enter}`);

beforeAll(async () => {
  const names = ["today", "scan", "delivery", "more", "load_out", "scan_in", "settings", "lock"] as const;
  for (const name of names) await loadScreen(name);
}, 60_000);
afterEach(() => vi.unstubAllGlobals());

test.each(["courier", "clerk"])("what a %s scans anywhere is looked up, and its page opens", async (role) => {
  await start({ role });
  go("settings");
  await screen.findByRole("heading", { name: "设置", level: 1 });

  await scan();

  await expect.poll(() => current()?.name).toBe("delivery");
  expect(current()?.params).toEqual({ record: "sample-delivery-1" });
  expect(scans).toEqual([[WAYBILL, "looking"]]);
});

test("one that comes back to Scan looks nothing up again", async () => {
  await start();
  go("settings");
  await screen.findByRole("heading", { name: "设置", level: 1 });
  await scan();
  await expect.poll(() => current()?.name).toBe("delivery");

  history.back();

  await expect.poll(() => current()?.name).toBe("scan");
  await screen.findByTestId("scan-field");
  expect(scans).toHaveLength(1);
});

test("with two scanning panes beside each other the page's alone takes a scan", async () => {
  await start({ width: DESKTOP });
  go("scan");
  go("load_out");
  await expect.poll(() => screen.getAllByTestId("scan-field").length).toBeGreaterThan(0);
  (document.activeElement as HTMLElement | null)?.blur();

  await scan();

  await expect.poll(() => scans).toEqual([[WAYBILL, "loading_out"]]);
  expect(current()?.name).toBe("load_out");
});

test("under a sheet a scan does nothing", async () => {
  await start();
  go("settings");
  await screen.findByRole("heading", { name: "设置", level: 1 });
  const uncover = cover(() => undefined);

  await scan();
  uncover();

  expect(current()?.name).toBe("settings");
  expect(scans).toEqual([]);
});

test("on the lock it is recorded at once", async () => {
  await start({ isLocked: true });
  await screen.findByText("请输入6位密码");

  await scan();

  await expect.poll(() => scans).toEqual([[WAYBILL, "loading_out"]]);
  expect((await screen.findByTestId("scan-result")).dataset["outcome"]).toBe("good");
});
