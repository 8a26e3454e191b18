import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type Backend, type Started } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { SAMPLE_PERSON, SAMPLE_STARTED } from "../../backend/fake/device";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_PROGRESS } from "../../backend/fake/syncing";
import Framed from "../../gallery/Framed.svelte";
import { gate, restart } from "../../session.svelte";
import Enrol from "./Enrol.svelte";

const NOBODY: Started = { ...SAMPLE_STARTED, person: null };

const READ = {
  address: "https://sync.example",
  code: "7K3M9QXT2BVA",
  county: "ab".repeat(16),
  server_key: "0f".repeat(32),
};

async function open(over: Partial<Backend> = {}): Promise<void> {
  install(fakeBackend({ start: () => Promise.resolve(NOBODY), ...over }));
  await restart();
  render(Framed, { screen: Enrol });
}

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));
const field = (name: string) => screen.findByLabelText<HTMLInputElement>(name);

/** A picture's file; jsdom's own has no bytes to read. */
const picture = () =>
  Object.assign(new File(["x"], "qr.png", { type: "image/png" }), {
    arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)),
  });

async function type(address: string, code: string): Promise<void> {
  await press("中文");
  await userEvent.type(await field("地址"), address);
  await userEvent.type(await field("登记码"), code);
  await press("下一步");
}

test("enrols by what was typed, after saying what will be here and who sees it", async () => {
  const asked: unknown[] = [];
  let person: Started["person"] = null;
  await open({
    start: () => Promise.resolve({ ...NOBODY, person }),
    enrol: (said) => {
      asked.push(said);
      person = SAMPLE_PERSON;
      return Promise.resolve(person);
    },
  });

  await type("sync.example", "7k3m 9qxt-2bva");
  expect(await screen.findByRole("heading", { name: "设备上会有什么，谁能看到" })).toBeDefined();
  expect(asked).toEqual([]);
  await press("登记");

  expect(await screen.findByRole("heading", { name: "您好，样例骑手" })).toBeDefined();
  expect(asked).toEqual([
    { address: "https://sync.example", code: "7K3M-9QXT-2BVA", county: null, server_key: null },
  ]);
  await press("开始工作");
  await expect.poll(gate).toBeUndefined();
});

test("the first sync can be skipped", async () => {
  let end: () => void = () => undefined;
  let person: Started["person"] = null;
  await open({
    start: () => Promise.resolve({ ...NOBODY, person }),
    enrol: () => Promise.resolve((person = SAMPLE_PERSON)),
    sync: () => new Promise((done) => (end = () => done({ sync: "done", ...SAMPLE_PROGRESS }))),
  });

  await type("sync.example", "7k3m9qxt2bva");
  await press("登记");
  await press("先开始工作");

  await expect.poll(gate).toBeUndefined();
  end();
});

test("takes address, code and county from a picture", async () => {
  const asked: unknown[] = [];
  await open({
    readPicture: () => Promise.resolve(["https://elsewhere.invalid", "saddlebag:…"]),
    readEnrolment: (text) => Promise.resolve(text.startsWith("saddlebag:") ? READ : null),
    enrol: (said) => {
      asked.push(said);
      return Promise.reject(new SaddlebagError("code_spent"));
    },
  });

  await press("中文");
  await userEvent.upload(await field("拍下或选择二维码图片"), picture());

  expect(await screen.findByText("已读出地址和登记码，请核对。")).toBeDefined();
  expect((await field("登记码")).value).toBe("7K3M-9QXT-2BVA");
  await press("下一步");
  await press("登记");
  expect(asked).toEqual([{ ...READ, code: "7K3M-9QXT-2BVA" }]);
});

test("the text of a QR code can be pasted as the address, and its key goes with it alone", async () => {
  const asked: unknown[] = [];
  await open({
    readEnrolment: (text) => Promise.resolve(text.startsWith("saddlebag:") ? READ : null),
    enrol: (said) => {
      asked.push(said);
      return Promise.reject(new SaddlebagError("wrong_server_key"));
    },
  });

  await press("中文");
  await userEvent.type(await field("地址"), "saddlebag:https://sync.example#…");
  await press("下一步");
  await press("登记");
  expect((await screen.findByRole("alert")).textContent).toContain("什么都没有发出");
  await userEvent.clear(await field("地址"));
  await userEvent.type(await field("地址"), "sync.elsewhere");
  await press("下一步");
  await press("登记");
  expect(asked).toEqual([
    { ...READ, code: "7K3M-9QXT-2BVA" },
    { ...READ, address: "https://sync.elsewhere", code: "7K3M-9QXT-2BVA", server_key: null },
  ]);
});

test.each([
  [[], "图片里没有找到二维码"],
  [["https://elsewhere.invalid"], "这个二维码不是登记用的"],
])("says what is wrong with a picture", async (texts, said) => {
  await open({ readPicture: () => Promise.resolve(texts) });

  await press("中文");
  await userEvent.upload(await field("拍下或选择二维码图片"), picture());

  expect(await screen.findByText(new RegExp(said))).toBeDefined();
});

test.each([
  ["bad_code", "登记码不对、已经用过，或者过期了"],
  ["code_spent", "试的次数太多"],
  ["unreachable", "还没够着县里"],
  ["bad_address", "这个地址用不了"],
])("after %s it says what to do, and what was typed is still there", async (code, said) => {
  await open({ enrol: () => Promise.reject(new SaddlebagError(code)) });

  await type("sync.example", "7k3m9qxt2bva");
  await press("登记");

  expect((await screen.findByRole("alert")).textContent).toContain(said);
  expect((await field("地址")).value).toBe("sync.example");
  expect((await field("登记码")).value).toBe("7K3M-9QXT-2BVA");
});

test("what is missing is told before anything is asked", async () => {
  await open();

  await press("中文");
  await userEvent.type(await field("登记码"), "7k3m");
  await press("下一步");

  expect(await screen.findByText("请填写地址。")).toBeDefined();
  expect(await screen.findByText("登记码共12位，还差8位。")).toBeDefined();
});

test("whoever enrols again is not asked for the language", async () => {
  await open({ start: () => Promise.resolve(SAMPLE_STARTED) });

  expect(await field("登记码")).toBeDefined();
});

test.each([
  ["retired", "已停用"],
  ["lost", "已报失"],
] as const)("where the county had a %s device emptied, that is told before all else", async (why, said) => {
  const wiped = { why, at_ms: 5, language: "zh-Hans" } as const;
  await open({ start: () => Promise.resolve({ ...NOBODY, wiped }) });

  expect(await screen.findByText(new RegExp(said))).toBeDefined();
  expect(screen.getByRole("button", { name: "中文" })).toBeDefined();
});
