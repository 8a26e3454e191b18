import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleRoute } from "../../backend/fake/route";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Return from "./Return.svelte";

test("returns scan by scan, and then all that is left, to the station and for the reason that was chosen", async () => {
  const returned: unknown[] = [];
  install(
    fakeBackend({
      today: () => Promise.resolve(sampleRoute(2)),
      returnToStation: (records, place, reason) => {
        returned.push([records, place, reason]);
        return Promise.resolve(["7:23"]);
      },
    }),
  );
  await restart();
  render(Framed, { screen: Return });

  await userEvent.type(await screen.findByTestId("scan-field"), "SB0000000001{Enter}");
  await expect.poll(() => screen.getByTestId("scan-result").dataset["outcome"]).toBe("good");

  await userEvent.click(screen.getByRole("button", { name: /^原因/ }));
  await userEvent.click(await screen.findByRole("radio", { name: "人不在" }));
  await userEvent.click(screen.getByRole("button", { name: "剩下的 3 件全部退回" }));

  await expect
    .poll(() => returned)
    .toEqual([
      [["sample-SB0000000001"], "sample-station", null],
      [["sample-delivery-0", "sample-delivery-10", "sample-delivery-11"], "sample-station", 1],
    ]);
});
