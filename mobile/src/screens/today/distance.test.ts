import { render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import { sampleRoute, sampleStop } from "../../backend/fake/route";
import Framed from "../../gallery/Framed.svelte";
import Today from "./Today.svelte";

const HERE = { latitude: 47.96, longitude: 86.41629, accuracy: 12 };

/** A phone that says where it is when it is told to. */
function satellites() {
  const asked = vi.fn<(said: (at: { coords: typeof HERE }) => void) => void>();
  Object.defineProperty(navigator, "geolocation", {
    configurable: true,
    value: { getCurrentPosition: asked },
  });
  return { asked, answer: () => asked.mock.calls.at(-1)?.[0]({ coords: HERE }) };
}

afterEach(() => Reflect.deleteProperty(navigator, "geolocation"));

function open(): void {
  const stops = [sampleStop(0), { ...sampleStop(1), is_near: true }, { ...sampleStop(2), position: null }];
  install(fakeBackend({ today: () => Promise.resolve({ ...sampleRoute(3), stops }) }));
  render(Framed, { screen: Today });
}

const cards = () => screen.findAllByTestId("stop-card");

test("the stops are there before the satellites answer, and then say how far and where they are", async () => {
  const { asked, answer } = satellites();
  open();
  const [exact, about, unknown] = await cards();
  expect(exact?.textContent).not.toContain("公里");
  const room = document.querySelectorAll(".way").length;

  answer();

  await expect.poll(() => exact?.textContent).toContain("北 11 公里");
  expect(about?.textContent).toContain("约 11 公里");
  expect(unknown?.textContent).not.toContain("公里");
  expect(document.querySelectorAll(".way")).toHaveLength(room);
  expect(asked).toHaveBeenCalledOnce();
});

test("coming back, the distances are there at once, and are asked for anew", async () => {
  const { asked } = satellites();
  open();
  const [exact] = await cards();
  expect(exact?.textContent).toContain("11 公里");
  expect(asked).toHaveBeenCalledOnce();
});
