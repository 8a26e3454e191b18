/** The languages of the app; Chinese is the default. */
export const LANGUAGES = ["zh-Hans", "kk-Arab", "en"] as const;

/** A language that a person can choose. */
export type Language = (typeof LANGUAGES)[number];

/** A language, or the one that shows the keys of the texts in their place. */
export type Locale = Language | "keys";

/** Whether this is a locale of the app. */
export function isLocale(value: string | null): value is Locale {
  return value === "keys" || LANGUAGES.some((language) => language === value);
}

/** Scripts that are written from right to left; the direction comes from the script, never from the language. */
const RIGHT_TO_LEFT = new Set(["Arab"]);

/** The direction of a locale's script. */
export function directionOf(locale: Locale): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(locale.split("-")[1] ?? "") ? "rtl" : "ltr";
}
