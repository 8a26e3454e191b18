import { CODES } from "../../backend/codes.gen";
import { codeText } from "../../texts/codes";

/** What is written to a household most, each ready in every language of the app. */
const READY = ["coming", "where", "tried"] as const;

/** A language of messages: its tag, as a household's language is written, and what it is called. */
export interface MessageLanguage {
  readonly tag: string;
  readonly label: string;
}

/** The languages that a message can be written in, the household's own first. */
export function messageLanguages(own: string | null): MessageLanguage[] {
  const all = CODES.language.map(({ name, tag }) => ({ tag, label: codeText("language", name) }));
  return all.sort((a, b) => Number(b.tag === own) - Number(a.tag === own));
}

/** The messages that are ready in a language. */
export function readyMessages(tag: string): string[] {
  const name = CODES.language.find((entry) => entry.tag === tag)?.name ?? "zh_hans";
  return READY.map((message) => codeText(`stop_message_${message}`, name));
}
