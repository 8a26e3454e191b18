import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { install, type NewConsent as Given } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import NewConsent from "./NewConsent.svelte";
import { endOf } from "./spans";

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
    { to: "proxy", name: "样例邻居", household: "sample-household-1", how: 2, until_ms: null },
  ]);
});

test("a drop point is one of those that are here", async () => {
  const given = await open();
  await userEvent.click(screen.getByLabelText("放到代收点"));
  await userEvent.click(await screen.findByLabelText(/样例村便民服务点/));
  await userEvent.click(screen.getByTestId("next-act"));
  expect(given).toMatchObject([{ to: "drop_point", place: "sample-place-drop" }]);
});

test("an end lies as far ahead as was chosen", () => {
  expect(endOf("withdrawn", 0)).toBeNull();
  expect(endOf("month", 1000)).toBe(1000 + 30 * 86_400_000);
});
