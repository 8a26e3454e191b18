import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type FactDraft, type RecordPage, type Status } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleFact, samplePage } from "../../backend/fake/page";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Delivery from "./Delivery.svelte";
import { cashDue, isOwing } from "./due";

/** Handed over for ¥128.50, of which so much was paid. */
function page(paidFen: number, over: Partial<RecordPage> = {}): RecordPage {
  const page = samplePage();
  const plan = page.plan && {
    ...page.plan,
    fields: { ...page.plan.fields, household: "h", cash_fen: 12_850 },
  };
  const status = {
    ...page.status,
    state: "delivered",
    phase: "ended",
    how: { to: "addressee" },
    by: 7,
  } as Status;
  const paid = sampleFact({ fact: "7:3", kind: "delivery.cash_collected", fields: { fen: paidFen } });
  return samplePage({ plan, status, facts: paidFen > 0 ? [paid] : [], ...over });
}

test("what was not paid is due yet, and what was taken back counts for nothing", () => {
  expect(cashDue(page(0))).toBe(12_850);
  expect(cashDue(page(10_000))).toBe(2_850);
  expect(cashDue(page(20_000))).toBe(0);
  const [paid] = page(10_000).facts;
  expect(cashDue(page(10_000, { facts: paid ? [{ ...paid, is_voided: true }] : [] }))).toBe(12_850);
});

test("only what was handed over, or left, is paid by itself", () => {
  expect(isOwing(page(0))).toBe(true);
  expect(isOwing(page(12_850))).toBe(false);
  expect(isOwing(page(0, { status: samplePage().status }))).toBe(false);
});

test("the rest is collected later, from the household, as one's own cash", async () => {
  const recorded: FactDraft[] = [];
  install(
    fakeBackend({
      show: () => Promise.resolve(page(10_000)),
      record: (drafts) => Promise.resolve((recorded.push(...drafts), ["7:9"])),
    }),
  );
  await restart();
  render(Framed, { screen: Delivery, params: { record: "sample-delivery-1" } });
  await userEvent.click(await screen.findByRole("button", { name: /补收货款/ }));
  const sum = await screen.findByDisplayValue("28.50");
  await userEvent.clear(sum);
  await userEvent.type(sum, "20,5");
  await userEvent.click(screen.getByRole("button", { name: "记下" }));
  expect(recorded).toMatchObject([
    { kind: "delivery.cash_collected", fields: { from: "h", to: "sample-person", fen: 2_050 } },
  ]);
});
