import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import App from "./App.svelte";
import { install } from "./backend/backend";
import { SAMPLE_STARTED } from "./backend/fake/device";
import { fakeBackend } from "./backend/fake/fake";
import { sampleRoute } from "./backend/fake/route";
import { hush, tell } from "./components/toast.svelte";
import { go } from "./navigation/router.svelte";
import { loadScreen } from "./screens/screens";
import { restart } from "./session.svelte";

const PHONE = 390;
const DESKTOP = 1280;

async function start({ width = PHONE, isLocked = false } = {}): Promise<void> {
  vi.stubGlobal("innerWidth", width);
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, is_locked: isLocked }),
      today: () => Promise.resolve(sampleRoute(1)),
    }),
  );
  await restart();
  render(App);
}

/** What is scrolled of the screen with this in its title. */
async function scrolled(title: string): Promise<HTMLElement> {
  return vi.waitFor(() => {
    const body = document.querySelector<HTMLElement>(`[data-scrolls][aria-label*="${title}"]`);
    if (!body || body.childElementCount === 0) throw new Error(`${title} is not there`);
    return body;
  });
}

const undoButton = () => screen.findByText("撤销", { selector: "button" });

beforeAll(async () => {
  for (const name of ["today", "stop", "more", "lock"] as const) await loadScreen(name);
}, 60_000);
beforeEach(hush);
afterEach(() => {
  hush();
  vi.unstubAllGlobals();
});

test("what was done is said over the end of what is scrolled, and takes no room from the main act", async () => {
  await start();
  go("stop", { stop: "sample-stop-1" });
  const body = await scrolled("样例乙");
  const act = await screen.findByTestId("next-act");
  const around = [...(body.parentElement?.children ?? [])];

  tell("已交付 3 件", () => undefined);

  const undo = await undoButton();
  expect(body.lastElementChild?.contains(undo)).toBe(true);
  expect(body.contains(act)).toBe(false);
  expect([...(body.parentElement?.children ?? [])]).toEqual(around);
});

test("what was done is heard, whichever screen it comes to", async () => {
  await start();
  await scrolled("周二");
  const heard = screen.getByTestId("toast");
  expect(heard.role).toBe("status");
  expect(heard.textContent.trim()).toBe("");

  tell("已交付 3 件", () => undefined);
  await expect.poll(() => heard.textContent.trim()).toBe("已交付 3 件 撤销");
  go("more");
  await scrolled("更多");
  expect(screen.getByTestId("toast")).toBe(heard);
});

test("where two screens stand beside each other, the page alone says it", async () => {
  await start({ width: DESKTOP });
  await scrolled("周二");
  go("stop", { stop: "sample-stop-1" });
  const page = await scrolled("样例乙");
  await scrolled("周二");

  tell("已交付 3 件", () => undefined);

  const undo = await undoButton();
  expect(page.contains(undo)).toBe(true);
});

test("nothing of it is seen on the lock", async () => {
  tell("已交付 3 件", () => undefined);
  await start({ isLocked: true });
  await scrolled("已锁定");
  expect(document.body.textContent).not.toContain("已交付 3 件");
});

test("it is taken back by one tap, and never by the second of two quick ones", async () => {
  const undone = vi.fn();
  await start();
  await scrolled("周二");
  tell("已交付 3 件", undone);
  const undo = await undoButton();

  await fireEvent.click(undo, { detail: 2 });
  expect(undone).not.toHaveBeenCalled();

  await fireEvent.click(undo, { detail: 1 });
  expect(undone).toHaveBeenCalledOnce();
  expect(undo.isConnected).toBe(false);
});

test("it goes by its own button too", async () => {
  await start();
  await scrolled("周二");
  tell("已交付 3 件");
  const close = await screen.findByLabelText("关闭");

  await fireEvent.click(close);

  expect(close.isConnected).toBe(false);
});
