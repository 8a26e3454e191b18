import * as chinese from "./generated/messages/zh-Hans.js";
import { apart } from "./isolated";
import { directionOf, type Language, type Locale } from "./language";

type Compiled = typeof chinese;

/** The name of a text in assets/i18n. */
export type TextKey = keyof Compiled;

/** Every text by its key: a function of the text's parameters. */
export type Texts = {
  readonly [Key in TextKey]: Compiled[Key] extends (inputs: infer Inputs) => string
    ? keyof Inputs extends never
      ? () => string
      : (inputs: { [Name in keyof Inputs]: string | number }) => string
    : never;
};

type Modules = Record<string, (inputs?: object) => string>;

const OTHERS: Record<Exclude<Language, "zh-Hans">, () => Promise<unknown>> = {
  "kk-Arab": () =>
    Promise.all([import("./generated/messages/kk-Arab.js"), import("../design/arabic.css")]).then(first),
  en: () => import("./generated/messages/en.js"),
};

function first<T>([value]: [T, ...unknown[]]): T {
  return value;
}

const current = $state<{ locale: Locale }>({ locale: "zh-Hans" });
let modules = $state.raw<Modules>(chinese as unknown as Modules);

/** The texts of the language that is chosen. Reading one in markup or in a $derived follows a change of language. */
export const t = new Proxy({} as Texts, {
  get: (_, key) => textOf(String(key)),
});

function textOf(key: string): (inputs?: object) => string {
  const text = (current.locale === "keys" ? undefined : modules[key]) ?? (() => key);
  return (inputs) => text(inputs && inItsDirection(inputs));
}

/** A sentence's parameters: names and numbers of parcels run by their own letters, not by the sentence's. */
function inItsDirection(inputs: object): object {
  const direction = directionOf(current.locale);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "string" ? apart(value, direction) : value,
    ]),
  );
}

/** Whether there is a text under a key that was put together from a code list's name. */
export function hasText(key: string): key is TextKey {
  return key in chinese;
}

/** A text by a key that was put together from a code list's name; the fallback where there is none. */
export function textByKey(key: string, fallback: () => string): string {
  return hasText(key) ? textOf(key)() : fallback();
}

/** The locale that is shown. */
export function locale(): Locale {
  return current.locale;
}

/** The language whose rules hold for dates and numbers; the keys are shown as Chinese is. */
export function language(): Language {
  return current.locale === "keys" ? "zh-Hans" : current.locale;
}

/** Loads a language and shows everything in it. */
export async function setLocale(wanted: Locale): Promise<void> {
  if (wanted === "zh-Hans" || wanted === "keys") {
    modules = chinese as unknown as Modules;
  } else {
    modules = (await OTHERS[wanted]()) as Modules;
  }
  current.locale = wanted;
  document.documentElement.lang = wanted === "keys" ? "zxx" : wanted;
  document.documentElement.dir = directionOf(wanted);
  document.title = t.app_name();
}
