import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { render } from "@testing-library/svelte";
import { afterEach, describe, expect, test } from "vitest";
import { setTheme } from "../design/theme";
import { LANGUAGES } from "../texts/language";
import { setLocale } from "../texts/texts.svelte";
import Gallery from "./Gallery.svelte";

const src = join(import.meta.dirname, "..");

afterEach(() => setLocale("zh-Hans"));

test("shows every component", () => {
  const specimens = readdirSync(join(import.meta.dirname, "specimens"))
    .map((name) => readFileSync(join(import.meta.dirname, "specimens", name), "utf8"))
    .concat(readFileSync(join(import.meta.dirname, "Gallery.svelte"), "utf8"))
    .join("\n");
  const components = readdirSync(join(src, "components")).filter((name) => name.endsWith(".svelte"));

  expect(components.filter((name) => !specimens.includes(`components/${name}"`))).toEqual([]);
});

describe.each(LANGUAGES)("in %s", (language) => {
  test.each(["light", "dark", "contrast"] as const)(
    "and the %s theme every specimen can be drawn",
    async (theme) => {
      setTheme(theme);
      await setLocale(language);

      const { container } = render(Gallery);

      expect(container.querySelectorAll("h2").length).toBeGreaterThan(10);
      expect(document.documentElement.dataset.theme).toBe(theme);
      expect(document.documentElement.dir).toBe(language === "kk-Arab" ? "rtl" : "ltr");
    },
  );
});

test("shows the keys in the texts' place", async () => {
  await setLocale("keys");

  const { container } = render(Gallery);

  expect(container.textContent).toContain("ask_empty_do");
});
