import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
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
      today: () => Promise.resolve(sampleRoute(2)),
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

test("takes over from a colleague, scan by scan", async () => {
  const taken: unknown[] = [];
  install(
    fakeBackend({
      colleagues,
      takeOver: (records, from) => {
        taken.push([records, from]);
        return Promise.resolve(["7:22"]);
      },
    }),
  );
  await restart();
  render(Framed, { screen: TakeOver });

  await userEvent.click(await screen.findByRole("button", { name: "样例同事" }));
  await userEvent.type(await screen.findByTestId("scan-field"), "SB0000000009{Enter}");

  await expect.poll(() => taken).toEqual([[["sample-SB0000000009"], "sample-other"]]);
});
