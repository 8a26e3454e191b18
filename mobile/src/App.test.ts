import { fireEvent, render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import App from "./App.svelte";
import { install, type Backend } from "./backend/backend";
import { SaddlebagError } from "./backend/errors";
import { SAMPLE_STARTED } from "./backend/fake/device";
import { fakeBackend } from "./backend/fake/fake";
import { sampleRoute } from "./backend/fake/route";
import { hush, tell } from "./components/toast.svelte";
import { current, go } from "./navigation/router.svelte";
import { loadScreen } from "./screens/screens";
import { restart } from "./session.svelte";

const PHONE = 390;
const DESKTOP = 1280;

let isLocked: boolean;
const today = vi.fn(() => Promise.resolve(sampleRoute(1)));

async function start({ width = PHONE, over = {} as Partial<Backend> } = {}): Promise<void> {
  vi.stubGlobal("innerWidth", width);
  install(
    fakeBackend({
      start: () => Promise.resolve({ ...SAMPLE_STARTED, is_locked: isLocked }),
      today,
      ...over,
    }),
  );
  await restart();
  render(App);
}

/** The lock closes or opens, as the shell says. */
async function lock(to: boolean): Promise<void> {
  isLocked = to;
  await restart();
}

/** The phone's back button. */
async function goBack(): Promise<void> {
  const left = new Promise((done) => addEventListener("popstate", done, { once: true }));
  history.back();
  await left;
}

const soon = <T>(look: () => T) => vi.waitFor(look, { timeout: 10_000 });

/** What is scrolled of the screen with this in its title. */
async function scrolled(title: string): Promise<HTMLElement> {
  return soon(() => {
    const body = document.querySelector<HTMLElement>(`[data-scrolls][aria-label*="${title}"]`);
    if (!body || body.childElementCount === 0) throw new Error(`${title} is not there`);
    return body;
  });
}

const undoButton = () => screen.findByText("撤销", { selector: "button" });

beforeAll(async () => {
  for (const name of ["today", "more", "lock", "new_household", "store_trouble", "delivery"] as const)
    await loadScreen(name);
}, 60_000);
beforeEach(() => {
  hush();
  isLocked = false;
});
afterEach(() => {
  hush();
  vi.unstubAllGlobals();
});

test("what was done is said over the end of what is scrolled, and takes no room from the main act", async () => {
  await start();
  go("new_household");
  const body = await scrolled("登记牧户");
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
  go("new_household");
  const page = await scrolled("登记牧户");
  await scrolled("周二");

  tell("已交付 3 件", () => undefined);

  const undo = await undoButton();
  expect(page.contains(undo)).toBe(true);
});

test("nothing of it is seen on the lock", async () => {
  tell("已交付 3 件", () => undefined);
  isLocked = true;
  await start();
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

test("a lock hides what was typed and loses none of it", async () => {
  await start();
  go("new_household");
  await scrolled("登记牧户");
  const field = await screen.findByLabelText<HTMLInputElement>("户主姓名");
  field.focus();
  await fireEvent.input(field, { target: { value: "样例戊" } });

  await lock(true);
  await scrolled("已锁定");
  expect(field.closest(".aside")).not.toBeNull();

  await lock(false);
  await soon(() => expect(field.closest(".aside")).toBeNull());
  expect(field.isConnected).toBe(true);
  expect(field.value).toBe("样例戊");
  await soon(() => expect(document.activeElement).toBe(field));
});

test("a sheet does not lie over the lock, cannot be reached under it, and keeps what was typed", async () => {
  await start();
  go("delivery", { record: "sample-delivery-1" });
  await userEvent.click(await screen.findByRole("button", { name: /备注/ }));
  const field = await screen.findByLabelText<HTMLTextAreaElement>("备注");
  await userEvent.type(field, "样例话");

  await lock(true);
  await scrolled("已锁定");
  await soon(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(field.closest("[inert]")).not.toBeNull();
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "1" }));
  await goBack();

  await lock(false);
  const sheet = await screen.findByRole("dialog");
  expect(sheet.contains(field)).toBe(true);
  expect(field.value).toContain("样例话");
  expect(current()?.name).toBe("delivery");

  await userEvent.keyboard("{Escape}");
  await soon(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("on the lock going back leads to no other screen", async () => {
  await start();
  go("new_household");
  const field = await screen.findByLabelText("户主姓名");
  await lock(true);
  await scrolled("已锁定");
  await goBack();
  await lock(false);
  await scrolled("登记牧户");
  expect(field.isConnected).toBe(true);
});

test("a form that was left is as it was when one comes back, and empty when it is opened anew", async () => {
  await start();
  go("new_household");
  const typed = await screen.findByLabelText<HTMLInputElement>("户主姓名");
  await fireEvent.input(typed, { target: { value: "样例戊" } });
  await fireEvent.click(screen.getByRole("button", { name: "更多" }));
  await scrolled("更多");
  expect(typed.isConnected).toBe(false);

  await goBack();
  await scrolled("登记牧户");
  expect(screen.getByLabelText<HTMLInputElement>("户主姓名").value).toBe("样例戊");

  go("new_household");
  await soon(() => expect(screen.getByLabelText<HTMLInputElement>("户主姓名").value).toBe(""));
});

test("what changed while it was locked is read when it opens", async () => {
  await start();
  await scrolled("周二");
  await lock(true);
  await scrolled("已锁定");
  today.mockClear();
  await lock(false);
  await soon(() => expect(today).toHaveBeenCalledOnce());
});

test("nothing that was typed stays for another person", async () => {
  let person = SAMPLE_STARTED.person;
  await start({ over: { start: () => Promise.resolve({ ...SAMPLE_STARTED, person }) } });
  go("new_household");
  const field = await screen.findByLabelText("户主姓名");
  person = person && { ...person, id: "sample-person-2" };
  await restart();
  await scrolled("周二");
  expect(field.isConnected).toBe(false);
});

test("a start that fails says so, and can be tried again", async () => {
  let isBroken = true;
  const answer = () =>
    isBroken ? Promise.reject(new SaddlebagError("sample_code")) : Promise.resolve(SAMPLE_STARTED);
  await start({ over: { start: answer } });
  const again = await screen.findByTestId("next-act");
  expect(document.body.textContent).toContain("sample_code");

  await fireEvent.click(again);
  await soon(() => expect(again.isConnected && !(again as HTMLButtonElement).disabled).toBe(true));
  isBroken = false;
  await fireEvent.click(again);
  await scrolled("周二");
});
