import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type ScanOutcome } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleRoute } from "../../backend/fake/route";
import { toast } from "../../components/toast.svelte";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import HandOver from "./HandOver.svelte";
import TakeOver from "./TakeOver.svelte";

const colleague = (person: string, name: string, is_me = false) => ({
  person,
  name,
  role: 1,
  station: null,
  is_callable: false,
  is_me,
});
const colleagues = () =>
  Promise.resolve([colleague("me", "样例我", true), colleague("sample-other", "样例同事")]);

test("hands ticked parcels to a colleague as one act", async () => {
  const handed: unknown[] = [];
  install(
    fakeBackend({
      colleagues,
      carried: () => Promise.resolve(sampleRoute(2).stops.flatMap(({ items }) => items)),
      handOver: (records, to) => {
        handed.push([records, to]);
        return Promise.resolve(["7:21"]);
      },
    }),
  );
  await restart();
  render(Framed, { screen: HandOver });

  expect(screen.queryByRole("button", { name: "样例我" })).toBeNull();
  await userEvent.click(await screen.findByRole("button", { name: "样例同事" }));
  const ticks = await screen.findAllByRole("checkbox");
  await userEvent.click(ticks[0] as HTMLElement);
  await userEvent.click(ticks[2] as HTMLElement);
  await userEvent.click(screen.getByRole("button", { name: "交出 2 件" }));

  expect(handed).toEqual([[["sample-delivery-0", "sample-delivery-11"], "sample-other"]]);
  expect(toast()?.text).toBe("已交给样例同事 2 件");
});

test.each([
  ["hands over", HandOver, { for: "handing_over", to: "sample-other" }],
  ["takes over", TakeOver, { for: "taking_over", from: "sample-other" }],
])("%s scan by scan, and what has ended or is another's is told alone", async (_, Screen, purpose) => {
  const scanned: unknown[] = [];
  const outcomes: Readonly<Record<string, ScanOutcome>> = {
    SB0000000002: { scan: "ended", record: "two" },
    SB0000000003: { scan: "with_another", record: "three", holder: "sample-third" },
    SB0000000004: { scan: "twice", record: "four" },
  };
  const unasked = () => Promise.reject(new Error("the scan itself records it"));
  install(
    fakeBackend({
      colleagues,
      handOver: unasked,
      takeOver: unasked,
      scan: (waybill, asked) => {
        scanned.push(asked);
        return Promise.resolve(outcomes[waybill] ?? { scan: "known", record: waybill });
      },
    }),
  );
  await restart();
  render(Framed, { screen: Screen });
  await userEvent.click(await screen.findByRole("button", { name: "样例同事" }));

  const field = await screen.findByTestId("scan-field");
  for (const [waybill, outcome] of [
    ["SB0000000001", "good"],
    ["SB0000000002", "ended"],
    ["SB0000000003", "with_another"],
    ["SB0000000004", "twice"],
  ] as const) {
    await userEvent.type(field, `${waybill}{Enter}`);
    await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe(outcome);
  }

  expect(scanned).toEqual([purpose, purpose, purpose, purpose]);
  expect(screen.getByTestId("scan-count").textContent).toBe("本次 1 件");
});
