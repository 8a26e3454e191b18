import { fireEvent, render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { install, type Backend, type ScanOutcome } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleFact, samplePage } from "../../backend/fake/page";
import { samplePicture } from "../../backend/fake/picture";
import { hearScanner } from "../../scanner/wedge";
import { restart } from "../../session.svelte";
import ScanPane from "./ScanPane.svelte";

const LOADING = { for: "loading_out", place: "sample-station" } as const;

const OUTCOMES: Record<string, ScanOutcome> = {
  SB0000000001: { scan: "known", record: "one" },
  SB0000000002: { scan: "new", record: "two" },
  SB0000000003: { scan: "twice", record: "one" },
  SB0000000004: { scan: "not_mine", record: "four", assignee: "sample-colleague-1" },
  SB0000000005: { scan: "ended", record: "five" },
  SB0000000006: { scan: "with_another", record: "six", holder: "sample-colleague-1" },
  SB0000000007: { scan: "with_another", record: "seven", holder: null },
  SB0000000008: { scan: "unknown" },
};

let stop: (() => void) | undefined;

async function open(over: Partial<Backend> = {}, props: object = {}): Promise<void> {
  stop = hearScanner({ isCovered: () => false, unwanted: () => undefined });
  install(
    fakeBackend({
      scan: (waybill) => Promise.resolve(OUTCOMES[waybill] ?? { scan: "not_a_waybill", code: "too_short" }),
      ...over,
    }),
  );
  await restart();
  render(ScanPane, { purpose: LOADING, ...props });
}

async function scan(text: string, outcome: string): Promise<void> {
  await userEvent.type(screen.getByTestId("scan-field"), `${text}{Enter}`);
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe(outcome);
}

beforeEach(() => {
  stop?.();
  document.body.replaceChildren();
});

test("scan after scan, without touching anything between, each with its own outcome", async () => {
  await open();

  await scan("SB0000000001", "good");
  await scan("SB0000000002", "unknown");
  await scan("SB0000000003", "twice");
  await scan("SB0000000004", "not_mine");
  await scan("SB0000000005", "ended");
  await scan("SB0000000006", "with_another");
  await scan("SB0000000008", "not_here");
  await scan("12", "not_a_waybill");

  expect(screen.getByTestId("scan-count").textContent).toBe("本次 2 件");
  expect(document.activeElement).toBe(screen.getByTestId("scan-field"));
});

test("a number typed in Arabic-Indic digits is taken as any other", async () => {
  await open();
  await scan("SB٠٠٠۰۰۰0001", "good");
});

test("hears a scanner while the focus is elsewhere", async () => {
  await open();
  for (const key of [..."SB0000000001", "Enter"]) {
    window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");
});

test("what is a colleague's can be taken over or left", async () => {
  const taken: unknown[] = [];
  await open({
    takeOver: (records, from) => {
      taken.push([records, from]);
      return Promise.resolve(["7:31"]);
    },
  });
  await scan("SB0000000004", "not_mine");
  await userEvent.click(screen.getByRole("button", { name: "放下" }));
  expect(taken).toEqual([]);

  await scan("SB0000000004", "not_mine");
  await userEvent.click(screen.getByRole("button", { name: "还是我接手" }));

  await expect.poll(() => taken).toEqual([[["four"], "sample-colleague-1"]]);
  expect(screen.getByTestId("scan-count").textContent).toBe("本次 1 件");
});

test("a scan is taken back by the fact that it recorded", async () => {
  const undone: unknown[] = [];
  await open({
    show: () => Promise.resolve(samplePage({ facts: [sampleFact({ fact: "7:5" })] })),
    items: () => Promise.resolve([]),
    undo: (facts) => {
      undone.push(facts);
      return Promise.resolve([]);
    },
  });
  await scan("SB0000000001", "good");
  await userEvent.click(screen.getByRole("button", { name: "撤销SB0000000001" }));

  await expect.poll(() => undone).toEqual([["7:5"]]);
  expect(screen.getByTestId("scan-count").textContent).toBe("本次 0 件");
});

test("what a colleague has is taken over first, and then goes on with what it was scanned for", async () => {
  const done: unknown[] = [];
  let isMine = false;
  await open(
    {
      scan: (_, purpose) => {
        done.push(purpose.for);
        if (isMine) return Promise.resolve({ scan: "known", record: "six" });
        return Promise.resolve({ scan: "with_another", record: "six", holder: "sample-colleague-1" });
      },
      takeOver: (records, from) => {
        done.push([records, from]);
        isMine = true;
        return Promise.resolve(["7:31"]);
      },
    },
    { purpose: { for: "returning", place: "sample-station", reason: null } },
  );
  await scan("SB0000000006", "with_another");
  expect(screen.getByTestId("scan-result").textContent).toContain("在样例同事一手里");

  await userEvent.click(screen.getByRole("button", { name: "还是我接手" }));

  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");
  expect(done).toEqual(["returning", [["six"], "sample-colleague-1"], "returning"]);
});

test("two quick taps take over once, and undo once", async () => {
  const done: string[] = [];
  await open({
    items: () => Promise.resolve([]),
    takeOver: () => {
      done.push("taken over");
      return Promise.resolve(["7:31"]);
    },
    undo: (facts) => {
      done.push(`undone ${facts.join()}`);
      return Promise.resolve([]);
    },
  });
  await scan("SB0000000006", "with_another");
  const take = screen.getByRole("button", { name: "还是我接手" });
  await Promise.all([fireEvent.click(take), fireEvent.click(take)]);
  const undo = await screen.findByRole("button", { name: "撤销SB0000000006" });
  await Promise.all([fireEvent.click(undo), fireEvent.click(undo)]);

  await expect.poll(() => screen.getByTestId("scan-count").textContent).toBe("本次 0 件");
  expect(done).toEqual(["taken over", "undone 7:31"]);
});

test("what somebody has of whom nothing is known can only be left", async () => {
  await open();
  await scan("SB0000000007", "with_another");

  expect(screen.queryByRole("button", { name: "还是我接手" })).toBeNull();
});

test("looking at a number that nobody knows records nothing, and offers to make a record", async () => {
  const scans: unknown[] = [];
  await open(
    {
      scan: (waybill, purpose) => {
        scans.push([waybill, purpose]);
        if (purpose.for === "looking") return Promise.resolve({ scan: "unknown" });
        return Promise.resolve({ scan: "new", record: "new" });
      },
    },
    { purpose: { for: "looking" } },
  );
  await scan("SB0000000008", "not_here");
  expect(screen.getByTestId("scan-count").textContent).toBe("本次 0 件");

  await userEvent.click(screen.getByTestId("scan-make"));

  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("unknown");
  expect(scans).toEqual([
    ["SB0000000008", { for: "looking" }],
    ["SB0000000008", { for: "loading_out", place: null }],
  ]);
  expect(screen.getByTestId("scan-count").textContent).toBe("本次 1 件");
});

test("a scan that came before it was opened is its first", async () => {
  await open({}, { first: "SB0000000001" });

  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");
});

test("reads nothing about anybody while the app is locked", async () => {
  const asked: string[] = [];
  const refuse = (what: string) => () => {
    asked.push(what);
    return Promise.reject(new Error("locked"));
  };
  await open(
    { items: refuse("items"), show: refuse("show"), colleagues: refuse("colleagues") },
    { quiet: true },
  );
  await scan("SB0000000001", "good");

  expect(asked).toEqual([]);
  expect(screen.getByTestId("scan-result").textContent).toContain("SB0000000001");
});

test("reads the codes of a picture, and says what to do where there are none", async () => {
  let texts = ["SB0000000001"];
  await open({ readPicture: () => Promise.resolve(texts) });
  const file = samplePicture();

  await userEvent.upload(screen.getByLabelText("从照片读取"), file);
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");

  texts = ["SB0000000003", "https://carrier.invalid/7", "ROUTE-07-B", "SB0000000003"];
  await userEvent.upload(screen.getByLabelText("从照片读取"), file);
  expect(await screen.findByText("照片里有几个码，选一个")).toBeDefined();
  expect(screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");
  await userEvent.click(screen.getByRole("button", { name: "SB0000000003" }));
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("twice");

  texts = [];
  await userEvent.upload(screen.getByLabelText("从照片读取"), file);
  expect(await screen.findByText(/照片里没有找到条码/)).toBeDefined();
});
