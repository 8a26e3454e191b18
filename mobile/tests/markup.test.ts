import { parse } from "svelte/compiler";
import { expect, test } from "vitest";
import { sources } from "./sources";

/** Attributes and properties whose words a person reads or hears. */
const SAID = new Set(
  "alt aria-description aria-label details hint label note over placeholder subtitle text title what".split(
    " ",
  ),
);

const LETTER = /\p{L}/u;
const NOT_LATIN = /[\p{Script=Han}\p{Script=Arabic}\p{Script=Cyrillic}]/u;

type Node = { type?: string; name?: string; data?: string; value?: unknown; [key: string]: unknown };

/** The words in markup that do not come from assets/i18n. */
function wordsIn(markup: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown, isSaid: boolean): void => {
    if (Array.isArray(node)) {
      node.forEach((one) => visit(one, isSaid));
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const { type, name, data, value, ...rest } = node as Node;
    if (type === "Text" && isSaid && LETTER.test(data ?? "")) found.push(data ?? "");
    if (type === "Literal" && typeof value === "string" && NOT_LATIN.test(value)) found.push(value);
    if (type === "Attribute") {
      visit(value, SAID.has(name ?? ""));
      return;
    }
    visit(value, isSaid);
    Object.values(rest).forEach((child) => visit(child, isSaid));
  };
  visit(parse(markup, { modern: true }).fragment, true);
  return found;
}

test("finds words in markup", () => {
  expect(wordsIn("<p>Hello</p>")).toEqual(["Hello"]);
  expect(wordsIn('<Row title="Hello" class="row" />')).toEqual(["Hello"]);
  expect(wordsIn('<p>{done ? "好" : t.no()}</p>')).toEqual(["好"]);
  expect(wordsIn('<p class="row">{t.yes()}, 3 %</p>')).toEqual([]);
});

test("shows no word that is not in assets/i18n", () => {
  const found = sources(".svelte").flatMap(({ name, text }) =>
    wordsIn(text).map((words) => `${name}: ${words.trim()}`),
  );
  expect(found).toEqual([]);
});

test("says no word from code that is not in assets/i18n", () => {
  const literal = /"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`/g;
  const found = sources(".ts", ".svelte").flatMap(({ name, text }) =>
    [...text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "").matchAll(literal)]
      .map(([words]) => words)
      .filter((words) => NOT_LATIN.test(words))
      .map((words) => `${name}: ${words}`),
  );
  expect(found).toEqual([]);
});
