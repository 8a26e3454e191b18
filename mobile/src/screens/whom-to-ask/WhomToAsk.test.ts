import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
import { SaddlebagError } from "../../backend/errors";
import { fakeBackend } from "../../backend/fake/fake";
import { SAMPLE_CONTACTS } from "../../backend/fake/people";
import Framed from "../../gallery/Framed.svelte";
import WhomToAsk from "./WhomToAsk.svelte";

test("calls whom one touches, by the record and never by a number", async () => {
  const called: string[] = [];
  install(
    fakeBackend({
      whomToAsk: () => Promise.resolve(SAMPLE_CONTACTS),
      call: (record) => Promise.resolve(called.push(record) > 0),
    }),
  );
  render(Framed, { screen: WhomToAsk });

  await userEvent.click(await screen.findByRole("button", { name: /样例师傅/ }));

  expect(called).toEqual(["sample-mentor"]);
});

test("says what to do when the call cannot be made", async () => {
  install(fakeBackend({ call: () => Promise.reject(new SaddlebagError("no_dialler")) }));
  render(Framed, { screen: WhomToAsk });

  await userEvent.click(await screen.findByRole("button", { name: /样例师傅/ }));

  expect((await screen.findByRole("alert")).textContent).toContain("no_dialler");
});

test("says what to do where nobody is known yet", async () => {
  install(fakeBackend({ whomToAsk: () => Promise.resolve({ station: null, mentor: null, liaisons: [] }) }));
  render(Framed, { screen: WhomToAsk });

  expect(await screen.findByRole("heading", { name: "这里还没有人" })).toBeDefined();
});
