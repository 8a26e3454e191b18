import { latinDigits } from "../../texts/amounts";

/** How many characters an enrolment code has. */
export const CODE_LENGTH = 12;

/** The characters of a code as somebody typed it: upper case, no dashes or spaces, full-width ones made narrow. */
export function codeCharacters(typed: string): string {
  const narrow = latinDigits(typed).replace(/[Ａ-Ｚａ-ｚ]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
  return narrow.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
}

/** A code as it is printed: three groups of four. */
export function codeGrouped(typed: string): string {
  return (codeCharacters(typed).match(/.{1,4}/g) ?? []).join("-");
}

/** A server's address as a URL: who typed none meant https. */
export function serverAddress(typed: string): string {
  const address = typed
    .trim()
    .replace(/：/g, ":")
    .replace(/／/g, "/")
    .replace(/．|。/g, ".")
    .replace(/\/+$/, "");
  return address === "" || /^[a-z]+:\/\//i.test(address) ? address : `https://${address}`;
}
