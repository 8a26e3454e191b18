import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { install } from "../../backend/backend";
import { fakeBackend } from "../../backend/fake/fake";
import Framed from "../../gallery/Framed.svelte";
import { restart } from "../../session.svelte";
import Privacy from "./Privacy.svelte";

test("says what is here, who sees it, what never is, and when it goes", async () => {
  install(fakeBackend());
  await restart();
  render(Framed, { screen: Privacy });

  for (const title of ["本机上有什么", "谁能看到", "绝不会有的", "什么时候消失"]) {
    expect(await screen.findByRole("heading", { name: title })).toBeDefined();
  }
  expect(screen.getByText("现在有 41 条工作记录。")).toBeDefined();
  expect(screen.getByText(/没有轨迹/)).toBeDefined();
});
