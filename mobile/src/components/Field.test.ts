import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Field from "./Field.svelte";

test("Enter ends what is typed, but not the one that takes a word from an input method", async () => {
  let ended = 0;
  render(Field, { label: "姓名", value: "", onenter: () => (ended += 1) });
  const field = screen.getByLabelText("姓名");

  await fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  await fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
  expect(ended).toBe(0);
  await fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
  expect(ended).toBe(1);
});
