import { cleanup, render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { install, type Backend, type Delivering, type Failing, type NewConsent } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { samplePicture } from "../../backend/fake/picture";
import { sampleItem, SAMPLE_NOW_MS } from "../../backend/fake/item";
import { sampleStopPage } from "../../backend/fake/route";
import * as covers from "../../components/covers.svelte";
import { hush, toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { begin, current, followHistory, go } from "../../navigation/router.svelte";
import { fakeSatellites, type Satellites } from "../../position/satellites.fake";
import Household from "../household/Household.svelte";
import { callsTried } from "./calls.svelte";
import Stop from "./Stop.svelte";

const KEY = "sample-stop-2";
const PARCELS = ["sample-delivery-20", "sample-delivery-21", "sample-delivery-22"];

function page(over: object = {}) {
  const sample = sampleStopPage(KEY);
  return { ...sample, ...over };
}

function open(over: Partial<Backend> = {}): void {
  install(fakeBackend({ stop: () => Promise.resolve(page()), ...over }));
  render(Framed, { screen: Stop, params: { stop: KEY } });
}

async function sign(): Promise<void> {
  const pad = screen.getByTestId("signature-pad");
  pad.setPointerCapture = () => undefined;
  await userEvent.pointer([{ keys: "[TouchA>]", target: pad }, { keys: "[/TouchA]" }]);
}

let stopFollowing: () => void;
let satellites: Satellites | undefined;

beforeEach(() => {
  stopFollowing = followHistory(covers);
  hush();
  begin("today");
  go("stop", { stop: KEY });
});

afterEach(() => {
  stopFollowing();
  satellites?.gone();
});

test("hands over all parcels of a stop by two touches, with no typing", async () => {
  const delivered: Delivering[] = [];
  open({
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: ["7:10", "7:11", "7:12"] });
    },
  });

  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("button", { name: "确认交付" }));

  expect(delivered).toEqual([
    {
      records: PARCELS,
      to: { to: "addressee" },
      proof: { proof: "receiver", name: null },
      cash: [{ record: "sample-delivery-20", fen: 12_850 }],
      note: null,
      fix: null,
    },
  ]);
  expect(toast()?.text).toBe("已交付 3 件");
  await expect.poll(() => current()?.name).toBe("today");
});

test("the arrow follows this phone, and nothing is asked of the satellites once the page is left", async () => {
  satellites = fakeSatellites();
  const asked: unknown[] = [];
  open({ stop: (key) => Promise.resolve((asked.push(key), page())) });
  expect(await screen.findByText("从站点算起")).toBeDefined();
  const { lat_e7, lon_e7 } = page().way?.position ?? { lat_e7: 0, lon_e7: 0 };

  // A tenth of a degree is 11.1 km.
  satellites.move(lat_e7 / 1e7 - 0.1, lon_e7 / 1e7);
  expect(await screen.findByText("北 11 公里")).toBeDefined();
  expect(screen.getByText("从这里算起")).toBeDefined();
  satellites.move(lat_e7 / 1e7 + 0.01, lon_e7 / 1e7);
  expect(await screen.findByText("南 1.1 公里")).toBeDefined();
  expect(asked).toHaveLength(1);

  cleanup();
  expect(satellites.followed()).toBe(0);
});

test("takes the handing over back by the facts that it recorded", async () => {
  const undone: string[][] = [];
  open({
    deliver: () => Promise.resolve({ outcome: "done", facts: ["7:10", "7:11"] }),
    undo: (facts) => {
      undone.push(facts);
      return Promise.resolve([]);
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("button", { name: "确认交付" }));

  toast()?.undo?.();

  await expect.poll(() => undone).toEqual([["7:10", "7:11"]]);
});

test("leaves out what is not ticked, and collects no cash that was not paid", async () => {
  const delivered: Delivering[] = [];
  open({
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  });

  await userEvent.click((await screen.findAllByRole("checkbox"))[1] as HTMLElement);
  await userEvent.click(screen.getByTestId("next-act"));
  await userEvent.click(await screen.findByRole("switch", { name: /收到¥128.50/ }));
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));

  expect(delivered[0]).toMatchObject({ records: [PARCELS[0], PARCELS[2]], cash: [] });
});

test("a pickup code is read from a picture of the addressee's phone", async () => {
  open({ readPicture: () => Promise.resolve(["https://sample.example/", "6-1-2024"]) });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "取件码" }));
  await userEvent.upload(screen.getByLabelText("从照片读取"), samplePicture());

  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "取件码" });
  await expect.poll(() => field.value).toBe("6-1-2024");
});

test("a pickup code is checked, and a wrong one records nothing", async () => {
  const typed: unknown[] = [];
  open({
    deliver: ({ proof }) => {
      typed.push(proof);
      return Promise.resolve({ outcome: "wrong_code", tries: 2 });
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "取件码" }));

  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));
  expect((await screen.findByRole("alert")).textContent).toContain("请输入取件码");

  await userEvent.type(screen.getByRole("textbox", { name: "取件码" }), "٣-١２");
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));

  expect(typed).toEqual([{ proof: "pickup_code", typed: "3-12" }]);
  expect((await screen.findByRole("alert")).textContent).toContain("试错了 2 次");
  expect(toast()).toBeUndefined();
});

test("a proxy needs a consent, which can be given on the spot", async () => {
  const given: NewConsent[] = [];
  const delivered: Delivering[] = [];
  const consent = {
    record: "sample-new-consent",
    scope: 1,
    proxy: "样例邻居",
    drop_point: null,
    drop_point_names: {},
    until_ms: null,
    status: "given",
    stands: true,
  };
  open({
    stop: () => Promise.resolve(page({ consents: given.length > 0 ? [consent] : [] })),
    giveConsent: (wanted) => {
      given.push(wanted);
      return Promise.resolve(consent.record);
    },
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "代收人" }));

  expect(screen.getByText("要先有收件人的同意")).toBeDefined();
  expect(screen.getByRole("button", { name: "确认交付" })).toHaveProperty("disabled", true);

  await userEvent.click(screen.getByRole("button", { name: "他现在同意" }));
  await userEvent.type(screen.getByRole("textbox", { name: "谁来代收" }), "样例邻居");
  await userEvent.click(screen.getByRole("button", { name: "记下同意" }));
  expect(await screen.findByRole("radio", { name: /样例邻居可以代收/ })).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));

  expect(given).toEqual([
    { household: page().stop.household, to: "proxy", name: "样例邻居", how: 1, days: null },
  ]);
  expect(delivered[0]).toMatchObject({
    to: { to: "proxy", consent: consent.record, name: null },
    proof: { proof: "receiver", name: null },
  });
});

test("whoever took it can be named, without any more touch where nobody is", async () => {
  const delivered: Delivering[] = [];
  open({
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.type(await screen.findByRole("textbox", { name: /谁签收的/ }), " 样例儿子 ");
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));

  expect(delivered[0]).toMatchObject({
    to: { to: "addressee" },
    proof: { proof: "receiver", name: "样例儿子" },
  });
});

test("a code that is not everybody's names whose it is not", async () => {
  open({ deliver: () => Promise.resolve({ outcome: "code_of_others", records: [PARCELS[1] ?? ""] }) });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "取件码" }));
  await userEvent.type(screen.getByRole("textbox", { name: "取件码" }), "312");
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));

  expect((await screen.findByRole("alert")).textContent).toMatch(/其中 1 件.*SB0000000021/);
});

test("what was signed on a pad that is gone is not sent with an empty one", async () => {
  const delivered: Delivering[] = [];
  open({
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "签名" }));
  await sign();
  await userEvent.click(screen.getByRole("radio", { name: "取件码" }));
  await userEvent.click(screen.getByRole("radio", { name: "签名" }));
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));
  expect(delivered).toEqual([]);
  expect((await screen.findByRole("alert")).textContent).toContain("签名");

  await sign();
  await userEvent.click(screen.getByRole("button", { name: "确认交付" }));
  expect(delivered[0]).toMatchObject({ proof: { proof: "signature" } });
});

test("what is left at a drop point has no proof and brings no cash", async () => {
  const delivered: Delivering[] = [];
  const consent = {
    record: "sample-consent-9",
    scope: 2,
    proxy: null,
    drop_point: "sample-drop-point",
    drop_point_names: { "zh-Hans": "样例商店" },
    until_ms: null,
    status: "given",
    stands: true,
  };
  open({
    stop: () => Promise.resolve(page({ consents: [consent] })),
    deliver: (delivering) => {
      delivered.push(delivering);
      return Promise.resolve({ outcome: "done", facts: [] });
    },
  });
  await userEvent.click(await screen.findByTestId("next-act"));
  await userEvent.click(await screen.findByRole("radio", { name: "代收点" }));
  expect(screen.getByText(/没有收/), "what stays to be paid is said").toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "确认放下" }));

  expect(delivered[0]).toMatchObject({
    to: { to: "drop_point", place: "sample-drop-point", consent: consent.record },
    proof: { proof: "none" },
    cash: [],
  });
});

test("a call from the household's own page goes with the next failed attempt at its stop", async () => {
  const failed: Failing[] = [];
  const household = page().stop.household;
  install(fakeBackend());
  render(Framed, { screen: Household, params: { record: household } });
  await userEvent.click(await screen.findByRole("button", { name: "打电话" }));
  cleanup();

  open({
    fail: (failing) => {
      failed.push(failing);
      return Promise.resolve({ outcome: "done", facts: ["7:20"] });
    },
  });
  expect(await screen.findByText("打过 1 次电话")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "没送成" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "人不在" }));
  expect(failed.map(({ calls }) => calls)).toEqual([1]);
  expect(callsTried([household ?? ""])).toBe(0);
});

test("a failed attempt takes two touches, and the calls that were tried go with it", async () => {
  const failed: Failing[] = [];
  open({
    fail: (failing) => {
      failed.push(failing);
      return Promise.resolve({ outcome: "done", facts: ["7:20"] });
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "打电话" }));
  await userEvent.click(await screen.findByRole("button", { name: "打电话" }));
  expect(await screen.findByText("打过 2 次电话")).toBeDefined();

  await userEvent.click(screen.getByRole("button", { name: "没送成" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "转场了" }));

  expect(failed).toEqual([
    { records: PARCELS, reason: 3, note: null, place: "sample-place-0", calls: 2, fix: null },
  ]);
  expect(toast()?.text).toBe("已记：转场了");
});

test("what has ended meanwhile was not tried in vain", async () => {
  open({ fail: ({ records }) => Promise.resolve({ outcome: "ended", records: [...records] }) });
  await userEvent.click(await screen.findByRole("button", { name: "没送成" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "转场了" }));

  expect((await screen.findByRole("alert")).textContent).toContain("已经结束");
  expect(toast()).toBeUndefined();
});

test("another reason wants a few words", async () => {
  const failed: Failing[] = [];
  open({
    fail: (failing) => {
      failed.push(failing);
      return Promise.resolve({ outcome: "done", facts: ["7:20"] });
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "没送成" }));
  await userEvent.click(await screen.findByRole("button", { name: "更多原因" }));
  await userEvent.click(screen.getByRole("button", { name: "其他" }));
  await userEvent.click(screen.getByRole("button", { name: "记下" }));
  expect(failed).toEqual([]);

  await userEvent.type(screen.getByRole("textbox"), "样例原因");
  await userEvent.click(screen.getByRole("button", { name: "记下" }));

  expect(failed[0]).toMatchObject({ reason: 22, note: "样例原因" });
});

test("a message is ready in the household's language, and in the others", async () => {
  const sent: unknown[] = [];
  open({
    stop: () => Promise.resolve(page({ language: "kk-Arab" })),
    message: (record, text) => {
      sent.push([record, text]);
      return Promise.resolve(true);
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "发短信" }));
  const languages = await screen.findAllByRole("radio");
  expect(languages[0]).toHaveProperty("value", "kk-Arab");
  expect(languages).toHaveLength(3);

  await userEvent.click(screen.getByRole("radio", { name: "汉语" }));
  await userEvent.click(screen.getByRole("button", { name: /今天会把您的包裹送到/ }));

  expect(sent).toEqual([["sample-household-1", "您好，我是快递员，今天会把您的包裹送到。"]]);
});

test("opens another map app with the position that it counts in", async () => {
  const opened: string[] = [];
  open({ openMap: (link) => Promise.resolve(void opened.push(link)) });

  await userEvent.click(await screen.findByRole("button", { name: "地图" }));
  await userEvent.click(await screen.findByRole("button", { name: "高德地图" }));

  expect(opened).toEqual([page().way?.map_links?.amap]);
});

test("a follow-up visit is noted at the stop", async () => {
  const recorded: unknown[] = [];
  const visit = sampleItem(5, { kind: "case", why: "follow_up", status: "handled", record: "sample-case" });
  const stop = { ...page().stop, items: [visit] };
  open({
    stop: () => Promise.resolve(page({ stop })),
    record: (drafts) => {
      recorded.push(...drafts);
      return Promise.resolve(["7:30"]);
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: /回访：办得怎么样/ }));
  await userEvent.click(await screen.findByRole("button", { name: "满意" }));

  expect(recorded).toMatchObject([
    { record: "sample-case", kind: "case.followed_up", fields: { satisfied: true } },
  ]);
});

test("says so where nothing is left to do", async () => {
  open({ stop: () => Promise.resolve(null) });

  expect(await screen.findByRole("heading", { name: "这一站没有要做的了" })).toBeDefined();
});

test("what is in the bag for another day is told, and cannot be handed over", async () => {
  const later = { ...sampleItem(77), due_from_ms: SAMPLE_NOW_MS + 2 * 86_400_000 };
  open({ stop: () => Promise.resolve(page({ later: [later] })) });
  expect(await screen.findByText("带着的，改天再送")).toBeDefined();
  expect(screen.getByText(/6月4日 起送/)).toBeDefined();
  expect(screen.queryByRole("checkbox", { name: new RegExp(later.waybill ?? "") })).toBeNull();
});
