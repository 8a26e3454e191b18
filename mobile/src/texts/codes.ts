import { t, textByKey } from "./texts.svelte";

/** An entry of a code list in words; a code that is newer than this app is said to be so. */
export function codeText(list: string, name: string | null | undefined, code?: number): string {
  return textByKey(`${list}_${name ?? ""}`, () => t.code_newer({ code: code ?? name ?? "?" }));
}

/** What went wrong and what to do, from the stable code that crossed the seam. */
export function errorText(code: string): string {
  return textByKey(`error_${code}`, () => t.error_unknown({ code }));
}
