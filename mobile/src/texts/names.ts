import { language, locale } from "./texts.svelte";

/** A place's or colleague's name in the language that is shown, else in Chinese, else in whichever there is. */
export function nameIn(names: Readonly<Record<string, string>>): string {
  return (
    names[locale()] ?? names[language()] ?? names["zh-Hans"] ?? names[""] ?? Object.values(names)[0] ?? ""
  );
}
