import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type ScanOutcome } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleRoute } from "../../backend/fake/route";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Return from "./Return.svelte";

const scanned: unknown[] = [];
const returned: unknown[] = [];

async function open(outcomes: Readonly<Record<string, ScanOutcome>> = {}): Promise<void> {
  scanned.length = returned.length = 0;
  install(
    fakeBackend({
      carried: () => Promise.resolve(sampleRoute(2).stops.flatMap(({ items }) => items)),
      scan: (waybill, purpose) => {
        scanned.push([waybill, purpose]);
        return Promise.resolve(outcomes[waybill] ?? { scan: "known", record: waybill });
      },
      returnToStation: (records, place, reason) => {
        returned.push([records, place, reason]);
        return Promise.resolve(["7:23"]);
      },
    }),
  );
  await restart();
  render(Framed, { screen: Return });
}

async function scan(waybill: string, outcome: string): Promise<void> {
  await userEvent.type(await screen.findByTestId("scan-field"), `${waybill}{Enter}`);
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe(outcome);
}

async function choose(what: RegExp, option: string): Promise<void> {
  await userEvent.click(screen.getByRole("button", { name: what }));
  await userEvent.click(
    await within(await screen.findByRole("dialog")).findByRole("button", { name: option }),
  );
}

test("returns scan by scan, and then all that is left, to the station and for the reason that was chosen", async () => {
  await open();
  await scan("SB0000000001", "good");

  await choose(/^原因/, "人不在");
  await scan("SB0000000002", "good");
  await userEvent.click(screen.getByRole("button", { name: "剩下的 3 件全部退回" }));

  const to = { for: "returning", place: "sample-station" };
  expect(scanned).toEqual([
    ["SB0000000001", { ...to, reason: null }],
    ["SB0000000002", { ...to, reason: 1 }],
  ]);
  await expect
    .poll(() => returned)
    .toEqual([[["sample-delivery-0", "sample-delivery-10", "sample-delivery-11"], "sample-station", 1]]);
});

test("what has ended, is a colleague's or came back before is told, and not counted", async () => {
  await open({
    SB0000000003: { scan: "ended", record: "three" },
    SB0000000004: { scan: "with_another", record: "four", holder: "sample-colleague-1" },
    SB0000000005: { scan: "not_mine", record: "five", assignee: "sample-colleague-1" },
    SB0000000006: { scan: "twice", record: "six" },
  });

  await scan("SB0000000003", "ended");
  await scan("SB0000000004", "with_another");
  await scan("SB0000000005", "not_mine");
  await scan("SB0000000006", "twice");

  expect(screen.getByTestId("scan-count").textContent).toBe("本次 0 件");
  expect(returned).toEqual([]);
});
