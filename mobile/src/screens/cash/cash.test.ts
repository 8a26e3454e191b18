import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { install, type Backend, type TakenCash } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_BOOK } from "../../backend/fake/money";
import { samplePicture } from "../../backend/fake/picture";
import { toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Cash from "./Cash.svelte";
import HandIn from "./HandIn.svelte";
import PassCash from "./PassCash.svelte";
import TakeCash from "./TakeCash.svelte";

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
          passes: [{ record: "sample-pass", parties, differs: false }],
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
  open(PassCash, {
    passCash: (to, fen) => {
      passed.push([to, fen]);
      return Promise.resolve({ record: "sample-pass", code: "0123A-BCDEF" });
    },
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
});

test.each<[TakenCash, string]>([
  [{ cash: "not_a_code" }, "这个码不对"],
  [{ cash: "own" }, "您自己的码"],
  [{ cash: "twice", record: "sample-pass" }, "已经收过了"],
])("a code that gives nothing is explained: %o", async (outcome, words) => {
  open(TakeCash, { takeCash: () => Promise.resolve(outcome) });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  expect(await screen.findByText(new RegExp(words))).toBeDefined();
});

test("cash that was taken is said with whose it was", async () => {
  open(TakeCash, {
    takeCash: () => Promise.resolve({ cash: "taken", record: "p", from: "sample-colleague-1", fen: 10_000 }),
  });
  await userEvent.type(screen.getByLabelText("转款码"), "0123A{Enter}");
  expect(toast()?.text).toBe("从 样例同事一 收到 ¥100.00");
});

test("a colleague's code is read from a picture of their phone", async () => {
  const taken: string[] = [];
  open(TakeCash, {
    readPicture: () => Promise.resolve(["0123ABCDEF"]),
    takeCash: (code) => Promise.resolve({ cash: taken.push(code) ? "not_a_code" : "not_a_code" }),
  });
  await userEvent.upload(screen.getByLabelText("从照片读取"), samplePicture());
  await expect.poll(() => screen.getByLabelText<HTMLInputElement>("转款码").value).toBe("0123ABCDEF");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(taken).toEqual(["0123ABCDEF"]);
});

test("hands all of it in at one's own station and shows the number, not the sum", async () => {
  const handed: [string, number][] = [];
  open(HandIn, {
    handIn: (station, fen) => {
      handed.push([station, fen]);
      return Promise.resolve({ record: "sample-hand-in", number: 4 });
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "全部 ¥304.50" }));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(handed).toEqual([["sample-station", 30_450]]);
  expect((await screen.findByTestId("hand-in-number")).textContent).toBe("4");
  expect(document.body.textContent).not.toContain("304.50");
});

test("nothing is no sum", async () => {
  open(HandIn);
  await userEvent.type(await screen.findByLabelText("金额（元）"), "0");
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("0.01");
});
