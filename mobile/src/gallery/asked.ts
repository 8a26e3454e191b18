import type { Settings } from "../backend/backend";
import { SAMPLE_SETTINGS } from "../backend/fake/device";
import { isLocale, type Locale } from "../texts/language";

const asked = new URLSearchParams(location.search);

/** The locale that the address asks for: `?locale=kk-Arab`, or `?locale=keys` for the keys of the texts. */
export function askedLocale(): Locale {
  const locale = asked.get("locale");
  return isLocale(locale) ? locale : "zh-Hans";
}

/** The settings that the address asks for: `?theme=dark&size=3`. */
export function askedSettings(): Settings {
  const locale = askedLocale();
  return {
    ...SAMPLE_SETTINGS,
    language: locale === "keys" ? "zh-Hans" : locale,
    theme: themeOf(asked.get("theme")),
    text_size: sizeOf(asked.get("size")),
    xinjiang_time: asked.has("xinjiang"),
  };
}

/** Something else that the address asks for. */
export function askedFor(name: string): string | null {
  return asked.get(name);
}

function themeOf(theme: string | null): Settings["theme"] {
  return theme === "light" || theme === "dark" || theme === "contrast" ? theme : "system";
}

function sizeOf(size: string | null): Settings["text_size"] {
  return size === "2" ? 2 : size === "3" ? 3 : 1;
}
