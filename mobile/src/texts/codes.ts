import { t, textByKey } from "./texts.svelte";

export { errorText } from "./errors";

/** An entry of a code list in words; a code that is newer than this app is said to be so. */
export function codeText(list: string, name: string | null | undefined, code?: number): string {
  return textByKey(`${list}_${name ?? ""}`, () => t.code_newer({ code: code ?? name ?? "?" }));
}
