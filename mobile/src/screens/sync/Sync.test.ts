import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import {
  install,
  type Backend,
  type ForkNotice,
  type Progress,
  type Refused,
  type Started,
  type SyncWaiting,
} from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { SAMPLE_SALVAGED, SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleItem } from "../../backend/fake/item";
import { SAMPLE_PROGRESS, SAMPLE_SAFETY } from "../../backend/fake/syncing";
import Framed from "../../gallery/Framed.svelte";
import { gate, restart } from "../../session.svelte";
import Sync from "./Sync.svelte";

async function open(over: Partial<Backend> = {}): Promise<void> {
  install(fakeBackend(over));
  await restart();
  render(Framed, { screen: Sync });
}

const button = (name: string) => screen.findByRole("button", { name });

beforeEach(() => restart());

test("says in one sentence what is safe, and lists what is only here", async () => {
  await open({ unsent: () => Promise.resolve([sampleItem(1, { title: "样*甲" })]) });

  expect((await screen.findByTestId("sync-sentence")).textContent).toBe(
    "41 条记录中 38 条已安全存到县里，3 条还只在本机。",
  );
  expect(await screen.findByRole("button", { name: /样\*甲/ })).toBeDefined();
});

test("damage is told until it was seen", async () => {
  let salvaged: typeof SAMPLE_SALVAGED | null = SAMPLE_SALVAGED;
  await open({
    safety: () => Promise.resolve({ ...SAMPLE_SAFETY, salvaged, damaged: 3 }),
    salvagedSeen: () => {
      salvaged = null;
      return Promise.resolve();
    },
  });
  expect(await screen.findByText("本机有 3 条记录受损，下次同步会补回来。")).toBeDefined();
  expect(screen.getByText(/只在本机的 214 条记录救出了 212 条/)).toBeDefined();

  await userEvent.click(await button("知道了"));

  await expect.poll(() => screen.queryByText(/只在本机的 214 条记录/)).toBeNull();
});

test("a parcel of which nobody's name is known is called by its number", async () => {
  const scanned = sampleItem(9, { title: "", household_name: "", waybill: "SB0000000009" });
  await open({
    unsent: () => Promise.resolve([scanned]),
    discrepancies: () =>
      Promise.resolve([{ record: scanned.record, discrepancies: [{ code: "in_two_bags", facts: [] }] }]),
    refused: () =>
      Promise.resolve([{ id: 5, record: scanned.record, edit: {}, code: "superseded", at_ms: 0 }]),
    items: () => Promise.resolve([scanned]),
  });

  await expect.poll(() => screen.queryAllByText("SB0000000009")).toHaveLength(3);
  expect(screen.queryByText("一条记录")).toBeNull();
});

test("what is not on this phone any more is said to be so", async () => {
  await open({
    refused: () => Promise.resolve([{ id: 5, record: "gone", edit: {}, code: "superseded", at_ms: 0 }]),
    items: () => Promise.resolve([]),
  });

  expect(await screen.findByText("已不在本机的记录")).toBeDefined();
});

test("syncs by one touch, shows how far it is, and then what became of it", async () => {
  let step: (progress: Progress) => void = () => undefined;
  let end: () => void = () => undefined;
  let safety = SAMPLE_SAFETY;
  await open({
    safety: () => Promise.resolve(safety),
    onSyncProgress: (told) => ((step = told), () => undefined),
    sync: () => new Promise((done) => (end = () => done({ sync: "done", ...SAMPLE_PROGRESS }))),
  });

  await userEvent.click(await button("现在同步"));
  step({ sent: 3, waiting: 1, bytes_up: 2_000, bytes_down: 0, requests: 1, cuts: 0 });

  const bar = await screen.findByRole<HTMLProgressElement>("progressbar", { name: "同步进度" });
  await expect.poll(() => bar.value).toBe(0.75);
  expect(screen.getByText("已送 3 条，还有 1 条")).toBeDefined();
  expect(screen.getByText("正在同步，可以继续干活。")).toBeDefined();

  safety = { ...SAMPLE_SAFETY, waiting_records: 0 };
  end();

  expect(await screen.findByText("同步完成。")).toBeDefined();
  expect(await screen.findByText("41 条记录都已安全存到县里。")).toBeDefined();
});

test("out of reach, it says so without alarm and one goes on", async () => {
  await open({ sync: () => Promise.reject(new SaddlebagError("unreachable")) });

  await userEvent.click(await button("现在同步"));

  expect(await screen.findByText(/这里够不着县里，记录都存在本机/)).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(await button("现在同步")).toBeDefined();
});

test("while it waits for its next try one can try at once", async () => {
  let waits: (waiting: SyncWaiting) => void = () => undefined;
  let refuse: (code: SaddlebagError) => void = () => undefined;
  let tries = 0;
  await open({
    onSyncWaiting: (told) => ((waits = told), () => undefined),
    sync: () =>
      ++tries === 1
        ? new Promise((_, reject) => (refuse = reject))
        : Promise.resolve({ sync: "done", ...SAMPLE_PROGRESS }),
    cancelSync: () => Promise.resolve(refuse(new SaddlebagError("cancelled"))),
  });
  await userEvent.click(await button("现在同步"));
  expect(await button("停止")).toBeDefined();

  waits({ code: "unreachable", wait_ms: 60_000 });
  await userEvent.click(await button("现在同步"));

  expect(await screen.findByText("同步完成。")).toBeDefined();
  expect(tries).toBe(2);
});

test("can be stopped", async () => {
  let refuse: (code: SaddlebagError) => void = () => undefined;
  await open({
    sync: () => new Promise((_, reject) => (refuse = reject)),
    cancelSync: () => Promise.resolve(refuse(new SaddlebagError("cancelled"))),
  });

  await userEvent.click(await button("现在同步"));
  await userEvent.click(await button("停止"));

  expect(await screen.findByText(/已停止。什么都没有丢/)).toBeDefined();
});

test("a device that the county does not know any more is led to enrolling again", async () => {
  await open({ sync: () => Promise.reject(new SaddlebagError("unauthorised")) });

  await userEvent.click(await button("现在同步"));

  expect(await button("重新登记")).toBeDefined();
});

test.each([
  ["retired", /要停用了。您可以照常工作/],
  ["lost", /已报失：县里不再给它新的内容/],
] as const)("of a %s device it says what becomes of what is here", async (leaving, said) => {
  await open({ safety: () => Promise.resolve({ ...SAMPLE_SAFETY, leaving }) });

  expect(await screen.findByText(said)).toBeDefined();
});

test("a device that the county had emptied begins anew, and shows nothing of what was", async () => {
  let person: Started["person"] = SAMPLE_STARTED.person;
  await open({
    start: () => Promise.resolve({ ...SAMPLE_STARTED, person }),
    sync: () => {
      person = null;
      return Promise.resolve({ sync: "wiped" as const, why: "retired" as const });
    },
  });
  expect(gate()).toBeUndefined();

  await userEvent.click(await button("现在同步"));

  await expect.poll(gate).toBe("enrol");
});

test("what the county did not take is explained, and goes once it was seen", async () => {
  const edit: Refused = { id: 5, record: "sample-delivery-9", edit: {}, code: "superseded", at_ms: 0 };
  let refused: Refused[] = [edit];
  const seen: unknown[] = [];
  await open({
    refused: () => Promise.resolve(refused),
    refusedSeen: (which) => {
      seen.push(which);
      refused = [];
      return Promise.resolve();
    },
  });

  expect(await screen.findByText(/您对计划的改动没有采用。.*已经归别人安排/)).toBeDefined();
  await userEvent.click(await button("知道了"));

  expect(seen).toEqual([{ refused: "edit", id: 5 }]);
  await expect.poll(() => screen.queryByText(/没有采用/)).toBeNull();
});

test.each([
  ["copied", /从旧备份恢复的，或者被复制过.*重新写了 5 条，什么都没有丢/],
  ["fact_lost", /被销毁或者损坏了.*重新写了 5 条，其余的都在/],
  ["county_restored", /县里的数据恢复过.*重新写了 5 条/],
] as const)(
  "that this device goes on under a new number (%s) is told until it was seen",
  async (why, said) => {
    let forks: ForkNotice[] = [];
    const fork: ForkNotice = { id: 3, was: 7, device: 9, why, at_ms: 0, facts: 4, edits: 1 };
    await open({
      forks: () => Promise.resolve(forks),
      forkSeen: (id) => {
        forks = forks.filter((fork) => fork.id !== id);
        return Promise.resolve();
      },
      sync: () => {
        forks = [fork];
        return Promise.resolve({ sync: "done" as const, ...SAMPLE_PROGRESS });
      },
    });

    await userEvent.click(await button("现在同步"));
    expect(await screen.findByText("这台手机换了新编号")).toBeDefined();
    expect(screen.getByText(said)).toBeDefined();
    await userEvent.click(await button("知道了"));

    await expect.poll(() => screen.queryByText(said)).toBeNull();
  },
);

test("what does not fit together is named and told in words", async () => {
  await open({
    discrepancies: () =>
      Promise.resolve([{ record: "sample-delivery-9", discrepancies: [{ code: "in_two_bags", facts: [] }] }]),
    items: (records) => Promise.resolve(records.map((record) => sampleItem(9, { record, title: "样*乙" }))),
  });

  expect(await screen.findByRole("button", { name: /样\*乙.*两个人都说在自己包里/ })).toBeDefined();
});
