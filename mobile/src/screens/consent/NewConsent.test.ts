import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type NewConsent as Given } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import NewConsent from "./NewConsent.svelte";

async function open(): Promise<Given[]> {
  const given: Given[] = [];
  install(
    fakeBackend({ giveConsent: (consent) => Promise.resolve(given.push(consent) > 0 ? "sample" : "") }),
  );
  render(Framed, { screen: NewConsent, params: { household: "sample-household-1" } });
  await screen.findByRole("heading", { level: 1, name: "记下同意" });
  return given;
}

test("a proxy needs a name", async () => {
  const given = await open();
  await userEvent.click(screen.getByTestId("next-act"));
  expect(screen.getByRole("alert").textContent).toContain("代收人");
  expect(given).toEqual([]);

  await userEvent.type(screen.getByLabelText("代收人姓名"), " 样例邻居 ");
  await userEvent.click(screen.getByLabelText("签了字"));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(given).toEqual([
    { to: "proxy", name: "样例邻居", household: "sample-household-1", how: 2, days: null },
  ]);
});

test("a drop point is one of those that are here", async () => {
  const given = await open();
  await userEvent.click(screen.getByLabelText("放到代收点"));
  await userEvent.click(await screen.findByLabelText(/样例村便民服务点/));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(given).toMatchObject([{ to: "drop_point", place: "sample-place-drop" }]);
});

test("it lasts as many days as was chosen, from when is the core's to say", async () => {
  const given = await open();
  await userEvent.click(screen.getByLabelText("帮忙代办"));
  await userEvent.click(screen.getByLabelText("一个月"));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(given).toEqual([{ to: "errand_help", household: "sample-household-1", how: 1, days: 30 }]);
});
