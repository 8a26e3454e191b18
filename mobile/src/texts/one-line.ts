import { apart } from "./isolated";
import { directionOf } from "./language";
import { locale } from "./texts.svelte";

/** What is there of several texts in one line, each in its own direction. */
export function inOneLine(texts: readonly (string | null | undefined)[]): string {
  const direction = directionOf(locale());
  return texts.flatMap((text) => (text ? [apart(text, direction)] : [])).join(" · ");
}
