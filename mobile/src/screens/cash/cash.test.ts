import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import {
  install,
  type Backend,
  type CashLine,
  type CashOffered,
  type TakenCash,
} from "../../backend/backend";
import { CODES } from "../../backend/codes.gen";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_CLERK } from "../../backend/fake/device";
import { SAMPLE_BOOK, SAMPLE_PASS } from "../../backend/fake/money";
import { samplePicture } from "../../backend/fake/picture";
import { hush, toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Cash from "./Cash.svelte";
import HandIn from "./HandIn.svelte";
import PassCash from "./PassCash.svelte";
import TakeCash from "./TakeCash.svelte";

beforeEach(hush);
beforeEach(restart);

function open(page: typeof Cash, over: Partial<Backend> = {}): void {
  install(fakeBackend(over));
  render(Framed, { screen: page });
}

test("says what one has to answer for, and what waits", async () => {
  const parties = ["sample-colleague-1", "sample-person"];
  open(Cash, {
    cash: () =>
      Promise.resolve({
        owed_fen: SAMPLE_BOOK.owed_fen,
        open: {
          passes: [{ record: "sample-pass", parties, givers: ["sample-person"], differs: false }],
          settlements: [
            {
              courier: "sample-person",
              number: 3,
              handed_in: 5_000,
              counted: null,
              explained: false,
              closed: false,
              records: [],
              handed_in_by: "7:3",
              counted_by: null,
            },
          ],
        },
        unsettled: [],
      }),
  });
  expect(await screen.findByText("¥304.50")).toBeDefined();
  expect(await screen.findByText("转给 样例同事一，等对方收下")).toBeDefined();
  expect(screen.getByText("第 3 号交款，等站点点清")).toBeDefined();
  expect(screen.getByText(/约 09:50/)).toBeDefined();
});

test("passes cash by a code that can be scanned or typed", async () => {
  const passed: [string, number][] = [];
  const undone: string[] = [];
  open(PassCash, {
    passCash: (to, fen) => {
      passed.push([to, fen]);
      return Promise.resolve({ ...SAMPLE_PASS, code: "0123A-BCDEF" });
    },
    undo: (facts) => Promise.resolve((undone.push(...facts), facts)),
  });
  await userEvent.type(await screen.findByLabelText("金额（元）"), "100");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("请选择同事。");
  expect(screen.queryByLabelText("样例骑手")).toBeNull();
  await userEvent.click(screen.getByLabelText("样例同事一"));
  await userEvent.click(screen.getByTestId("next-act"));

  expect(passed).toEqual([["sample-colleague-1", 10_000]]);
  expect((await screen.findByTestId("cash-code")).textContent).toBe("0123A-BCDEF");
  expect(screen.getByRole("img", { name: "转款二维码" })).toBeDefined();

  toast()?.undo?.();
  expect(await screen.findByLabelText("金额（元）")).toBeDefined();
  expect(screen.queryByTestId("cash-code")).toBeNull();
  expect(undone).toEqual(["7:6"]);
});

test("nobody is offered who could never take the cash: no liaison, no clerk", async () => {
  const [courier] = await fakeBackend().colleagues();
  if (!courier) throw new Error("the sample has colleagues");
  const others = CODES.role.filter(({ name }) => name !== "courier");
  expect(others.map(({ name }) => name)).toEqual(expect.arrayContaining(["liaison", "clerk"]));
  const withRole = others.map(({ code, name }) => ({ ...courier, person: name, name, role: code }));
  open(PassCash, { colleagues: () => Promise.resolve([courier, ...withRole]) });
  expect(await screen.findByLabelText("样例同事一")).toBeDefined();
  expect(screen.getAllByRole("radio")).toHaveLength(1);
});

test("a code that was left is shown again while the pass is open", async () => {
  const parties = ["sample-colleague-1", "sample-person"];
  const passes = [{ record: "sample-pass", parties, givers: ["sample-person"], differs: false }];
  open(Cash, {
    cash: () => Promise.resolve({ owed_fen: 0, open: { passes, settlements: [] }, unsettled: [] }),
  });
  await userEvent.click(await screen.findByRole("button", { name: /等对方收下/ }));
  expect((await screen.findByTestId("cash-code")).textContent).toBe("SAMPLE-CODE");
  expect(screen.getByText(/转给 样例同事一 ¥100.00/)).toBeDefined();
});

test("what one took is told as taken, and has no code to show", async () => {
  const parties = ["sample-colleague-1", "sample-person"];
  const passes = [{ record: "sample-pass", parties, givers: ["sample-colleague-1"], differs: false }];
  open(Cash, {
    cash: () => Promise.resolve({ owed_fen: 0, open: { passes, settlements: [] }, unsettled: [] }),
  });
  expect(await screen.findByText("从 样例同事一 收到，双方都同步后才算")).toBeDefined();
  expect(screen.queryByRole("button", { name: /样例同事一 收到/ })).toBeNull();
});

test("an entry of one's own can be corrected, another's cannot", async () => {
  const corrected: string[] = [];
  const [mine, theirs] = SAMPLE_BOOK.lines as [CashLine, CashLine];
  open(Cash, {
    cashBook: () => Promise.resolve({ ...SAMPLE_BOOK, lines: [mine, { ...theirs, is_own: false }] }),
    correct: (fact) => Promise.resolve((corrected.push(fact), "7:9")),
  });
  await screen.findByText("代收货款", { selector: "bdi" });
  expect(screen.queryByRole("button", { name: /代收货款/ })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /代办采购/ }));
  expect(await screen.findByText("代办采购 · −¥24.00")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "撤回这一条" }));
  expect(corrected).toEqual([mine.fact]);
});

test("a clerk sees what they collected, and hands nothing in", async () => {
  install(fakeBackend({ start: () => Promise.resolve(SAMPLE_CLERK) }));
  await restart();
  render(Framed, { screen: Cash });
  expect(await screen.findByText("¥304.50")).toBeDefined();
  expect(screen.queryByRole("button", { name: /交给站点/ })).toBeNull();
});

const OFFER = {
  cash: "offered" as const,
  record: "sample-pass",
  from: "sample-colleague-1",
  from_name: "样例同事一",
  fen: 10_000,
  for_another: null,
  for_another_name: "",
};

test.each<[CashOffered & TakenCash, string]>([
  [{ cash: "not_a_code" }, "这个码不对"],
  [{ cash: "own" }, "您自己的码"],
  [{ cash: "twice", record: "sample-pass" }, "已经收过了"],
])("a code that gives nothing is explained: %o", async (outcome, words) => {
  open(TakeCash, { readCashCode: () => Promise.resolve(outcome), takeCash: () => Promise.resolve(outcome) });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  expect(await screen.findByText(new RegExp(words))).toBeDefined();
  expect(screen.getByTestId("next-act").textContent.trim()).toBe("看是多少钱");
});

test("whose cash it is and how much is seen before it is taken, and it can be taken back", async () => {
  const taken: string[] = [];
  const undone: string[] = [];
  open(TakeCash, {
    readCashCode: () => Promise.resolve(OFFER),
    undo: (facts) => Promise.resolve((undone.push(...facts), facts)),
    takeCash: (code) => {
      taken.push(code);
      return Promise.resolve({ cash: "taken", record: "p", fact: "7:8", from: OFFER.from, fen: OFFER.fen });
    },
  });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  const take = await screen.findByRole("button", { name: "从 样例同事一 收下 ¥100.00" });
  await userEvent.type(screen.getByLabelText("转款码"), "{Enter}");
  expect(taken).toEqual([]);

  await userEvent.click(take);
  expect(taken).toEqual(["0123A"]);
  expect(toast()?.text).toBe("从 样例同事一 收到 ¥100.00");
  toast()?.undo?.();
  expect(undone).toEqual(["7:8"]);
});

test("what another code offers is not what was read of the first", async () => {
  open(TakeCash, { readCashCode: () => Promise.resolve(OFFER) });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  expect(await screen.findByRole("button", { name: /收下/ })).toBeDefined();
  await userEvent.type(screen.getByLabelText("转款码"), "B");
  expect(screen.queryByRole("button", { name: /收下/ })).toBeNull();
});

test("a code that was made for another says so before it is taken", async () => {
  const theirs = { ...OFFER, for_another: "sample-colleague-2", for_another_name: "样例同事二" };
  open(TakeCash, { readCashCode: () => Promise.resolve(theirs) });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  expect(await screen.findByText(/这个码是给 样例同事二 的/)).toBeDefined();
  expect(screen.getByRole("button", { name: /收下/ })).toBeDefined();
});

test("a colleague's code is read from a picture of their phone", async () => {
  const looked: string[] = [];
  open(TakeCash, {
    readPicture: () => Promise.resolve(["0123ABCDEF"]),
    readCashCode: (code) => Promise.resolve((looked.push(code), OFFER)),
  });
  await userEvent.upload(screen.getByLabelText("从照片读取"), samplePicture());
  await expect.poll(() => screen.getByLabelText<HTMLInputElement>("转款码").value).toBe("0123ABCDEF");
  expect(await screen.findByRole("button", { name: /收下/ })).toBeDefined();
  expect(looked).toEqual(["0123ABCDEF"]);
});

test("hands all of it in at one's own station and shows the number, not the sum", async () => {
  const handed: [string, number][] = [];
  open(HandIn, {
    handIn: (station, fen) => {
      handed.push([station, fen]);
      return Promise.resolve({ record: "sample-hand-in", fact: "7:7", number: 4 });
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "全部 ¥304.50" }));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(handed).toEqual([["sample-station", 30_450]]);
  expect((await screen.findByTestId("hand-in-number")).textContent).toBe("4");
  expect(document.body.textContent).not.toContain("304.50");

  toast()?.undo?.();
  expect(await screen.findByTestId("next-act")).toBeDefined();
  expect(await screen.findByLabelText("金额（元）")).toBeDefined();
});

test("nothing is no sum", async () => {
  open(HandIn);
  await userEvent.type(await screen.findByLabelText("金额（元）"), "0");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("0.01");
});
