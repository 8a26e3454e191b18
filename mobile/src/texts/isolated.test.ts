import { afterEach, describe, expect, test } from "vitest";
import { apart } from "./isolated";
import { inOneLine } from "./one-line";
import { setLocale, t } from "./texts.svelte";

afterEach(() => setLocale("zh-Hans"));

/** What follows runs by its own letters, until the end mark. */
const OWN = "\u2068";
const END = "\u2069";

describe("in a line from left to right", () => {
  test.each(["林**", "SB0000000001", "138 0000 0000", "¥12.50", "3"])("%s stands as it is", (value) => {
    expect(apart(value, "ltr")).toBe(value);
  });

  test.each(["نۇرلان", "گۇ** 3", "٣٤"])("%s keeps its own direction", (value) => {
    expect(apart(value, "ltr")).toBe(OWN + value + END);
  });
});

describe("in a line from right to left", () => {
  test.each(["نۇرلان", "سارى بۇلاق", "3", "12:30"])("%s stands as it is", (value) => {
    expect(apart(value, "rtl")).toBe(value);
  });

  test.each(["林**", "SB0000000001", "138 0000 0000", "+86 138", "¥12.50", "گۇ**"])(
    "%s keeps its own direction",
    (value) => {
      expect(apart(value, "rtl")).toBe(OWN + value + END);
    },
  );
});

test("a name in a sentence of the other direction moves neither its marks nor the sentence", async () => {
  expect(t.stop_call_named({ name: "林**" })).toBe("打给林**");
  expect(t.stop_call_named({ name: "نۇرلان" })).toBe(`打给${OWN}نۇرلان${END}`);
  await setLocale("kk-Arab");
  expect(t.stop_call_named({ name: "林**" })).toContain(`${OWN}林**${END}`);
  expect(t.stop_call_named({ name: "نۇرلان" })).not.toContain(OWN);
});

test("numbers stand as they are", async () => {
  await setLocale("kk-Arab");
  expect(t.stop_calls_tried({ calls: 3 })).not.toContain(OWN);
});

test("what stands side by side in one line keeps its direction too", () => {
  expect(inOneLine(["样例村", undefined, "", "سارى بۇلاق"])).toBe(`样例村 · ${OWN}سارى بۇلاق${END}`);
});
