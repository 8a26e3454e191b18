import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../backend/backend";
import { SaddlebagError } from "../backend/errors";
import { sampleErrand } from "../backend/fake/errand";
import { fakeBackend } from "../backend/fake/fake";
import { samplePickup } from "../backend/fake/pickup";
import Framed from "../gallery/Framed.svelte";
import { restart } from "../session.svelte";
import Errand from "./errand/Errand.svelte";
import Pickup from "./pickup/Pickup.svelte";

test.each([
  ["a pickup", Pickup, samplePickup(), "两只羊，分四箱"],
  ["an errand", Errand, sampleErrand(), "送到门口"],
])("the notes of %s are read on its page and written anew", async (_, page, shown, notes) => {
  const saved: unknown[] = [];
  install(
    fakeBackend({
      show: () => Promise.resolve(shown),
      editNotes: (record, text) => Promise.resolve(void saved.push([record, text])),
    }),
  );
  await restart();
  render(Framed, { screen: page as typeof Pickup, params: { record: shown.record } });

  await userEvent.click(await screen.findByRole("button", { name: `改备注 ${notes}` }));
  const sheet = await screen.findByRole("dialog", { name: "改备注" });
  const field = within(sheet).getByLabelText<HTMLTextAreaElement>("备注");
  expect(field.value).toBe(notes);
  await userEvent.type(field, "，先打电话 ");
  await userEvent.click(within(sheet).getByRole("button", { name: "保存备注" }));

  expect(saved).toEqual([[shown.record, `${notes}，先打电话`]]);
});

test("notes that are not this person's to write stay open with the reason", async () => {
  install(
    fakeBackend({
      show: () => Promise.resolve(samplePickup()),
      editNotes: () => Promise.reject(new SaddlebagError("not_given")),
    }),
  );
  await restart();
  render(Framed, { screen: Pickup, params: { record: "sample-pickup-1" } });

  await userEvent.click(await screen.findByRole("button", { name: /改备注/ }));
  const sheet = await screen.findByRole("dialog", { name: "改备注" });
  await userEvent.click(within(sheet).getByRole("button", { name: "保存备注" }));

  expect((await within(sheet).findByRole("alert")).textContent).not.toBe("");
});
