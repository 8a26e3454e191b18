import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, expect, test } from "vitest";
import { install, type AppealOutcome, type Backend, type FactDraft } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleAppeal } from "../../backend/fake/reports";
import Framed from "../../gallery/Framed.svelte";
import { begin, current } from "../../navigation/router.svelte";
import { restart } from "../../session.svelte";
import Appeal from "./Appeal.svelte";
import NewAppeal from "./NewAppeal.svelte";

beforeAll(restart);

function open(page: unknown, over: Partial<Backend>, params = {}): void {
  install(fakeBackend(over));
  begin("more");
  render(Framed, { screen: page as typeof NewAppeal, params });
}

async function raise(outcome: AppealOutcome): Promise<[number, string][]> {
  const raised: [number, string][] = [];
  open(NewAppeal, {
    raiseAppeal: (kind, words) => {
      raised.push([kind, words]);
      return Promise.resolve(outcome);
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "工资少发" }));
  await userEvent.type(screen.getByLabelText("说说情况"), " 少了两天 ");
  await userEvent.click(screen.getByTestId("next-act"));
  return raised;
}

test("words and their kind go to be sealed", async () => {
  expect(await raise({ appeal: "saved", record: "sample-appeal-9", numbered: true })).toEqual([
    [2, "少了两天"],
  ]);
  expect(current()).toMatchObject({ name: "appeal", params: { record: "sample-appeal-9" } });
});

test("without the liaison's key it says what to do", async () => {
  await raise({ appeal: "no_liaison_key" });
  expect(screen.getByRole("alert").textContent).toContain("同步一次再试");
});

test("needs a kind and words", async () => {
  open(NewAppeal, {});
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("请选择关于什么。");
});

test("shows the liaison's answer, and what cannot be opened as such", async () => {
  const page = sampleAppeal();
  const facts = page.facts.map((fact) => ({ ...fact, words: null }));
  open(Appeal, { show: () => Promise.resolve(page) }, { record: "a" });
  expect(await screen.findByText("差的部分下月一起发。")).toBeDefined();
  open(Appeal, { show: () => Promise.resolve({ ...page, facts }) }, { record: "b" });
  expect(await screen.findByText(/在这部手机上打不开/)).toBeDefined();
});

test("is withdrawn after a second word", async () => {
  const recorded: FactDraft[] = [];
  open(
    Appeal,
    {
      show: () => Promise.resolve(sampleAppeal()),
      record: (drafts) => Promise.resolve(recorded.push(...drafts) > 0 ? ["7:70"] : []),
    },
    { record: "sample-appeal-1" },
  );
  await userEvent.click(await screen.findByRole("button", { name: "撤回诉求" }));
  const sheet = await screen.findByRole("dialog");
  await userEvent.click(within(sheet).getByRole("button", { name: "撤回诉求" }));
  expect(recorded).toMatchObject([{ record: "sample-appeal-1", kind: "appeal.withdrawn" }]);
});
