import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { install, type Backend, type RecordPage, type Status } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleFact, samplePage } from "../../backend/fake/page";
import { hush, toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { fakeSatellites, type Satellites } from "../../position/satellites.fake";
import { restart } from "../../session.svelte";
import Delivery from "./Delivery.svelte";

const RECORD = "sample-delivery-1";

async function open(page: Partial<RecordPage> = {}, over: Partial<Backend> = {}): Promise<void> {
  install(fakeBackend({ show: () => Promise.resolve(samplePage(page)), ...over }));
  await restart();
  render(Framed, { screen: Delivery, params: { record: RECORD } });
  await screen.findByRole("heading", { name: "派件" });
}

function status(state: string, over: object = {}): Partial<RecordPage> {
  return { status: { ...samplePage().status, state, ...over } as Status };
}

let satellites: Satellites | undefined;

beforeEach(hush);
afterEach(() => satellites?.gone());

test("says where it is, and its big button is the next likely act", async () => {
  await open();

  expect(await screen.findByText("在我这里")).toBeDefined();
  expect(screen.getByTestId("next-act").textContent).toContain("交付");

  await userEvent.click(screen.getByTestId("next-act"));
  expect(await screen.findByRole("dialog", { name: "交付" })).toBeDefined();
});

test("what is handed over, and what could not be, holds where this phone was then", async () => {
  satellites = fakeSatellites();
  satellites.move(48, 86);
  const fixes: unknown[] = [];
  await open(
    {},
    {
      deliver: ({ fix }) => Promise.resolve({ outcome: "done", facts: [String(fixes.push(fix))] }),
      fail: ({ fix }) => Promise.resolve({ outcome: "done", facts: [String(fixes.push(fix))] }),
    },
  );
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("button", { name: "确认交付" }));
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "没送成" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "人不在" }));

  const here = { position: { lat_e7: 480_000_000, lon_e7: 860_000_000 }, accuracy_m: 9 };
  expect(fixes).toEqual([here, here]);
});

test("takes along by one touch what lies at the station, and takes that back", async () => {
  const recorded: unknown[] = [];
  const undone: unknown[] = [];
  await open(status("at_station", { place: "sample-station" }), {
    record: (drafts) => {
      recorded.push(...drafts);
      return Promise.resolve(["7:30"]);
    },
    undo: (facts) => {
      undone.push(facts);
      return Promise.resolve([]);
    },
  });

  await userEvent.click(screen.getByTestId("next-act"));
  await expect
    .poll(() => recorded)
    .toMatchObject([{ record: RECORD, kind: "delivery.loaded_out", fields: { place: "sample-station" } }]);
  toast()?.undo?.();
  await expect.poll(() => undone).toEqual([["7:30"]]);
});

test("takes over by one touch what a colleague handed over", async () => {
  const taken: unknown[] = [];
  const handed = sampleFact({
    fact: "8:4",
    kind: "delivery.handed_over",
    by: "sample-colleague",
    is_own: false,
  });
  await open(
    { ...status("handed_over", { from: 8, to: "sample-person" }), facts: [handed] },
    {
      takeOver: (records, from) => {
        taken.push([records, from]);
        return Promise.resolve(["7:31"]);
      },
    },
  );

  await userEvent.click(screen.getByRole("button", { name: "接手" }));
  await expect.poll(() => taken).toEqual([[[RECORD], "sample-colleague"]]);
});

test("records a temperature, below zero too", async () => {
  const recorded: unknown[] = [];
  await open(
    {},
    {
      record: (drafts) => {
        recorded.push(...drafts);
        return Promise.resolve(["7:30"]);
      },
    },
  );

  await userEvent.click(screen.getByRole("button", { name: "记温度" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "摄氏度" }), "4.5");
  await userEvent.click(screen.getByRole("switch", { name: "零下" }));
  await userEvent.click(screen.getByRole("button", { name: "记下" }));

  expect(recorded).toMatchObject([{ kind: "delivery.temperature", fields: { temperature: -45 } }]);
});

test("tells discrepancies, notices and what was written in two ways", async () => {
  const page = samplePage();
  await open({
    status: {
      ...page.status,
      notices: [{ notice: "cancelled", fact: "3:9" }],
      discrepancies: [{ code: "in_two_bags", facts: ["7:2", "8:1"] }],
    },
    plan: {
      kind: "delivery",
      fields: { address: "样例路 2 号" },
      conflicts: [
        {
          field: "address",
          values: [
            { value: "样例路 2 号", actor: "a1" },
            { value: "样例路 3 号", actor: "b2" },
          ],
        },
      ],
      unknown: [],
    },
  });

  expect(await screen.findByText(/请带回站点/)).toBeDefined();
  expect(screen.getByText(/由调度员处理/)).toBeDefined();
  expect(screen.getByText("地址：两边改得不一样，先用“样例路 2 号”，另有“样例路 3 号”")).toBeDefined();
});

test("tells what happened, the latest first, with whose word it is and where it is", async () => {
  await open();

  const lines = await screen.findAllByTestId("history-line");
  expect(lines.map((line) => line.querySelector(".said")?.textContent.trim())).toEqual([
    "装车带走",
    "没有送成：人不在",
    "在样例镇站点入库",
    "承运人发来预告",
  ]);
  expect(lines[0]?.textContent).toContain("只在本机");
  expect(lines[1]?.textContent).toMatch(/约 14:20/);
  expect(lines[2]?.textContent).toContain("样例站员");
});

test("corrects one's own entry, and nobody else's", async () => {
  const corrected: unknown[] = [];
  await open(
    {},
    {
      correct: (fact, note) => {
        corrected.push([fact, note]);
        return Promise.resolve("7:41");
      },
    },
  );
  expect(screen.getAllByRole("button", { name: /^更正：/ })).toHaveLength(2);

  await userEvent.click(screen.getByRole("button", { name: "更正：装车带走" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.type(within(sheet).getByRole("textbox"), "样例说明");
  await userEvent.click(within(sheet).getByRole("button", { name: "撤回这一条" }));

  expect(corrected).toEqual([["7:2", "样例说明"]]);
});

test("an entry that was taken back is struck through and cannot be taken back again", async () => {
  await open({ facts: [sampleFact({ is_voided: true })] });

  const line = await screen.findByTestId("history-line");
  expect(line.querySelector("del")?.textContent).toBe("装车带走");
  expect(within(line).queryByRole("button")).toBeNull();
});

test("offers nothing where it has ended", async () => {
  await open(status("delivered", { phase: "ended" }));

  expect(screen.queryByTestId("next-act")).toBeNull();
  expect(screen.queryByRole("button", { name: "没送成" })).toBeNull();
});

test("offers no notes where they are masked: to save the empty field would wipe them", async () => {
  await open({ is_whole: false });
  expect(screen.queryByText("改备注")).toBeNull();
});
