import { expect, test } from "vitest";
import { setLocale } from "../../texts/texts.svelte";
import { waitText } from "./wait";

test("rounds up to whole seconds, and tells minutes apart", async () => {
  await setLocale("en");
  expect(waitText(1)).toBe("1 s");
  expect(waitText(30_000)).toBe("30 s");
  expect(waitText(61_200)).toBe("1 min 2 s");
  expect(waitText(-5)).toBe("0 s");
});
