import { latinDigits } from "../../texts/amounts";

const MOST_GRAMS = 1_000_000;
const MOST_TENTHS = 1000;

/**
 * Digits with an optional fraction, as ASCII. A comma is Kazakh's decimal one even before three digits, as in 1,250 kg:
 * other than money, nothing that is weighed here has thousands to part.
 */
function decimal(typed: string): string {
  return latinDigits(typed.trim()).replace(/[．٫,，]/g, ".");
}

/** Grams from what somebody typed in kilograms, or null where it is no weight: 1 g to 1000 kg. */
export function gramsFrom(typed: string): number | null {
  const text = decimal(typed);
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text)) return null;
  const grams = Math.round(Number(text) * 1000);
  return grams > 0 && grams <= MOST_GRAMS ? grams : null;
}

/** Tenths of a degree Celsius from what somebody typed, or null where it is no temperature. */
export function tenthsFrom(typed: string, isBelowZero: boolean): number | null {
  const text = decimal(typed).replace(/^[−－–]/, "-");
  if (!/^-?\d{1,3}(\.\d)?$/.test(text)) return null;
  const tenths = Math.round(Number(text) * 10);
  const signed = isBelowZero && tenths > 0 ? -tenths : tenths;
  return Math.abs(signed) <= MOST_TENTHS ? signed : null;
}

/** A waybill number as it is kept: no spaces, capitals, ASCII; null where it cannot be one. */
export function waybillFrom(typed: string): string | null {
  const text = latinDigits(typed).normalize("NFKC").replace(/\s/g, "").toUpperCase();
  return /^[A-Z0-9-]{6,32}$/.test(text) ? text : null;
}

/** Fen as somebody would type it in yuan; nothing for nothing. */
export function yuanText(fen: number | undefined): string {
  return fen === undefined ? "" : (fen / 100).toFixed(2).replace(/\.00$/, "");
}
