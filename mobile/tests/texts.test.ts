import { describe, expect, test } from "vitest";
import { CODES } from "../src/backend/codes.gen";
import { LANGUAGES } from "../src/texts/language";
import { sources, textsOf } from "./sources";

const texts = Object.fromEntries(LANGUAGES.map((language) => [language, textsOf(language)]));
const keys = Object.keys(texts["zh-Hans"] ?? {});
const code = sources(".ts", ".svelte").map(({ text }) => text);

/** The texts of the entries of code lists, by key. */
const listed = new Set(
  Object.entries(CODES).flatMap(([list, entries]) => entries.map(({ name }) => `${list}_${name}`)),
);

function parameters(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

describe.each(LANGUAGES)("%s", (language) => {
  const own = texts[language] ?? {};

  test("has a text for every key and no other", () => {
    expect(Object.keys(own).sort()).toEqual([...keys].sort());
  });

  test("has no empty text", () => {
    expect(keys.filter((key) => own[key]?.trim() === "")).toEqual([]);
  });

  test("takes the parameters that the Chinese text takes", () => {
    const differ = keys.filter(
      (key) => String(parameters(own[key] ?? "")) !== String(parameters(texts["zh-Hans"]?.[key] ?? "")),
    );
    expect(differ).toEqual([]);
  });

  test("says every entry of every code list that people see", () => {
    const lists = Object.keys(CODES).filter((list) => keys.some((key) => key.startsWith(`${list}_`)));
    const missing = [...listed].filter(
      (key) => lists.some((list) => key.startsWith(`${list}_`)) && !(key in own),
    );
    expect(missing).toEqual([]);
  });
});

test("Kazakh is in Arabic script, but for what is said to a Chinese reader", () => {
  const own = texts["kk-Arab"] ?? {};
  const wrong = keys.filter((key) => {
    const text = own[key] ?? "";
    if (/\p{Script=Cyrillic}/u.test(text)) return true;
    return /\p{Script=Han}/u.test(text) && !key.endsWith("_zh_hans");
  });
  expect(wrong).toEqual([]);
});

test("a ready message is written as its reader's language is, whatever the courier's is", () => {
  const messages = keys.filter((key) => /^stop_message_\w+_(zh_hans|kk_arab|en)$/.test(key));
  expect(messages.length).toBeGreaterThan(0);
  const differ = messages.filter(
    (key) => new Set(LANGUAGES.map((language) => texts[language]?.[key])).size > 1,
  );
  expect(differ).toEqual([]);
});

/** Words that once stood beside another for the same thing: each thing has one. */
const TURNED_DOWN: Readonly<Record<string, readonly string[]>> = {
  "zh-Hans": ["冷链箱", "申报"],
  "kk-Arab": ["سايكەستىر", "ارىز", "قۇپييا", "جۇك ٴنومىر", "سۋىق جاشىك", "سۋىق تاسىمال", "كومەك اقشا"],
  en: ["matter of your own", "My own matter", "Public problem", "Take along", "tracking number", "ynchroni"],
};

test.each(LANGUAGES)("%s calls each thing by one word", (language) => {
  const own = texts[language] ?? {};
  const down = TURNED_DOWN[language] ?? [];
  expect(keys.filter((key) => down.some((word) => own[key]?.includes(word)))).toEqual([]);
});

test("a text message and a tip are not called the same in Kazakh", () => {
  const own = texts["kk-Arab"] ?? {};
  const tips = keys.filter((key) => texts["zh-Hans"]?.[key]?.includes("随手拍"));
  expect(tips.length).toBeGreaterThan(5);
  expect(tips.filter((key) => !own[key]?.includes("ماسەلە"))).toEqual([]);
});

test("no text is there that nothing shows", () => {
  const all = code.join("\n");
  const named = new Set(
    [...all.matchAll(/\bt\.(\w+)|["'`]([a-z][a-z0-9_]*)["'`]/g)].map(([, a, b]) => a ?? b),
  );
  const prefixes = [
    ...[...all.matchAll(/codeText\(\s*"(\w+)"/g)].map(([, list]) => `${list}_`),
    ...[...all.matchAll(/`([a-z][a-z0-9_]*_)\$\{/g)].map(([, prefix]) => prefix ?? ""),
  ];
  const isShown = (key: string) =>
    named.has(key) || listed.has(key) || prefixes.some((prefix) => key.startsWith(prefix));

  expect(keys.filter((key) => !isShown(key))).toEqual([]);
});
