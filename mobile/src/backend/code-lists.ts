import { CODES, type CodeList } from "./codes.gen";

/** An entry of a code list, with what holds of it. */
export interface CodeEntry {
  readonly code: number;
  readonly name: string;
  readonly [attribute: string]: unknown;
}

/** The entries of a list that are still offered. */
export function offered(list: CodeList): readonly CodeEntry[] {
  return (CODES[list] as readonly CodeEntry[]).filter((entry) => entry["retired"] === undefined);
}

/** An entry by its code; none where a newer version wrote it. */
export function entryOf(list: CodeList, code: number | null | undefined): CodeEntry | undefined {
  return (CODES[list] as readonly CodeEntry[]).find((entry) => entry.code === code);
}
