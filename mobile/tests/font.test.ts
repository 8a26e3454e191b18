import { join } from "node:path";
import { openSync, type Font } from "fontkit";
import { describe, expect, test } from "vitest";
import { textsOf } from "./sources";

const FONTS = join(import.meta.dirname, "../../assets/fonts");

/** Letters that fonts for Arabic alone lack, each of which Kazakh needs. */
const KAZAKH = [..."ٴەھڭۇۆۋ"];

const written = new Set(
  Object.values(textsOf("kk-Arab"))
    .join("")
    .split("")
    .filter((letter) => /[\p{Script=Arabic}،؛؟]/u.test(letter)),
);

describe.each(["noto-sans-arabic-400.woff2", "noto-sans-arabic-700.woff2"])("%s", (file) => {
  const font = openSync(join(FONTS, file)) as Font;

  test("has every letter of the Kazakh texts", () => {
    const missing = [...KAZAKH, ...written].filter(
      (letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0),
    );
    expect(missing).toEqual([]);
  });

  test("joins the letters of a word", () => {
    const [alone] = font.layout("ھ").glyphs;
    const joined = font.layout("ھھھ").glyphs;
    expect(new Set(joined.map(({ id }) => id)).size).toBeGreaterThan(1);
    expect(joined.map(({ id }) => id)).not.toEqual([alone?.id, alone?.id, alone?.id]);
  });
});
