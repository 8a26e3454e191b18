import { afterEach, expect, test } from "vitest";
import { CODES } from "../../backend/codes.gen";
import { LANGUAGES } from "../../texts/language";
import { setLocale } from "../../texts/texts.svelte";
import { readyMessages } from "./messages";

afterEach(() => setLocale("zh-Hans"));

test("what is sent to a person holds no mark that an old phone would show as a box", async () => {
  for (const language of LANGUAGES) {
    await setLocale(language);
    const sent = CODES.language.flatMap(({ tag }) => readyMessages(tag));
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((text) => /\p{Cf}/u.test(text))).toEqual([]);
  }
});
