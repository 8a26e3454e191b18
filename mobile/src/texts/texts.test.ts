import { afterEach, expect, test } from "vitest";
import { setLocale } from "./texts.svelte";

afterEach(() => setLocale("zh-Hans"));

test("the window is called by the app's name in the language that is shown", async () => {
  await setLocale("en");
  expect(document.title).toBe("Saddlebag");
  expect(document.documentElement.lang).toBe("en");
  await setLocale("kk-Arab");
  expect(document.title).toBe("قورجىن");
  await setLocale("zh-Hans");
  expect(document.title).toBe("马褡子");
});
