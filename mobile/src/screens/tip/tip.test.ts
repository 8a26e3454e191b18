import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, expect, test } from "vitest";
import { install, type Backend, type NewTip as Reported, type TipOutcome } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleTip } from "../../backend/fake/reports";
import { toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { begin, current } from "../../navigation/router.svelte";
import { restart } from "../../session.svelte";
import NewTip from "./NewTip.svelte";
import Tip from "./Tip.svelte";
import TipsAndAppeals from "./TipsAndAppeals.svelte";
import { charactersLeft } from "./words";

beforeAll(restart);

function open(page: unknown, over: Partial<Backend>, params = {}): void {
  install(fakeBackend(over));
  begin("more");
  render(Framed, { screen: page as typeof NewTip, params });
}

/** Reports a bridge at the station, and hears this. */
async function report(outcome: TipOutcome, words = ""): Promise<Reported[]> {
  const reported: Reported[] = [];
  open(NewTip, {
    report: (tip) => {
      reported.push(tip);
      return Promise.resolve(outcome);
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "桥梁损坏" }));
  await pickPlace();
  if (words) await userEvent.type(screen.getByLabelText(/说明/), words);
  await userEvent.click(screen.getByTestId("next-act"));
  return reported;
}

async function pickPlace(): Promise<void> {
  await userEvent.click(screen.getByRole("button", { name: "选一个地点" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(await within(sheet).findByRole("button", { name: /样例镇寄递服务站/ }));
  // A sheet gives the page back a moment after it closed.
  await expect.poll(() => document.body.style.pointerEvents).not.toBe("none");
}

test("a tip is a kind, a place and words, and nothing about anybody", async () => {
  const reported = await report({ tip: "saved", record: "sample-tip-9", numbered: true }, "缺两块板");
  expect(reported).toEqual([
    { kind: 4, text: "缺两块板", place: "sample-station", township: null, fix: null, photos: [] },
  ]);
  expect(current()?.name).toBe("tip");
  expect(toast()?.text).toContain("下次同步时送到县里");
});

test("one that waits for a one-time number is said to wait", async () => {
  await report({ tip: "saved", record: "sample-tip-9", numbered: false });
  expect(toast()?.text).toContain("一次性号码用完了");
});

test.each([
  ["tip_text_phone_number", "电话号码"],
  ["tip_text_identity_number", "身份证号"],
  ["tip_text_plate", "车牌号"],
])("a refusal for %s is explained", async (code, word) => {
  await report({ tip: "text_refused", code });
  expect(screen.getByRole("alert").textContent).toContain(word);
  expect(current()?.name).toBe("more");
});

test("one near to a camp asks for a place instead of the position", async () => {
  await report({ tip: "too_near_to_a_camp", places: ["sample-place-drop"] });
  expect(screen.queryByRole("button", { name: "我现在的位置" })).toBeNull();
});

test("too many characters never leave the screen", async () => {
  open(NewTip, { report: () => Promise.reject(new Error("not asked for")) });
  await userEvent.click(screen.getByRole("button", { name: "停电" }));
  await pickPlace();
  await userEvent.click(screen.getByLabelText(/说明/));
  await userEvent.paste("灯".repeat(203));
  expect(screen.getByText("多了 3 字")).toBeDefined();
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("最多 200 字");
});

test("says what is missing", async () => {
  open(NewTip, {});
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("请选择是什么问题。");
  await userEvent.click(screen.getByRole("button", { name: "其他" }));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("请说明在哪里。");
});

test("characters are counted as the core counts them", () => {
  expect(charactersLeft("")).toBe(200);
  expect(charactersLeft("𠮷")).toBe(199);
});

test("one's own tip shows its answer and can be raised again", async () => {
  const reopened: (string | null)[] = [];
  open(
    Tip,
    {
      show: () => Promise.resolve(sampleTip()),
      reopenTip: (record, text) => {
        reopened.push(text);
        return Promise.resolve({ tip: "saved", record, numbered: true });
      },
    },
    { record: "sample-tip-1" },
  );
  expect(await screen.findByText("已派人更换桥板，周五前完成。")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "没解决，再次提出" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.type(within(sheet).getByLabelText(/哪里没解决/), "还是过不去");
  await userEvent.click(within(sheet).getByRole("button", { name: "没解决，再次提出" }));
  expect(reopened).toEqual(["还是过不去"]);
});

test("one's own tips and appeals stand with what they are about", async () => {
  open(TipsAndAppeals, {});
  await userEvent.click(await screen.findByRole("button", { name: /桥梁损坏/ }));
  expect(current()).toMatchObject({ name: "tip", params: { record: "sample-tip" } });
});

test("where there are none it says how to begin", async () => {
  open(TipsAndAppeals, { tips: () => Promise.resolve([]), appeals: () => Promise.resolve([]) });
  expect(await screen.findByRole("heading", { name: "还没有随手拍和诉求" })).toBeDefined();
});
