import { isolated } from "./isolated";
import { directionOf } from "./language";
import { locale, t } from "./texts.svelte";

/** Keeps a sign on its own side of its number within a line that runs from right to left. */
function signed(amount: string): string {
  return directionOf(locale()) === "rtl" ? isolated(amount) : amount;
}

/** Groups of three, the same in every language of the app. */
function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Money as ¥1,234.50, from fen. */
export function moneyText(fen: number): string {
  const size = Math.abs(fen);
  const cents = String(size % 100).padStart(2, "0");
  const yuan = `¥${grouped(Math.floor(size / 100))}.${cents}`;
  return fen < 0 ? signed(`−${yuan}`) : yuan;
}

/** Whole yuan in groups of three with a point, or without groups and with a point or, as Kazakh writes it, a comma. */
const YUAN = /^(?:(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?|(\d{1,6})(?:[.,](\d{1,2}))?)$/;

const MOST_FEN = 10_000_000;

/** Fen from what somebody typed in yuan, or null where it is no amount. */
export function fenFrom(typed: string): number | null {
  const plain = latinDigits(typed).replace(/[¥\s]/g, "").replace(/[，٬]/g, ",").replace(/[．٫]/g, ".");
  const [, groups, centsOfGroups, whole, cents] = YUAN.exec(plain) ?? [];
  const yuan = groups?.replaceAll(",", "") ?? whole;
  if (yuan === undefined) return null;
  const fen = Number(yuan) * 100 + Number((centsOfGroups ?? cents ?? "").padEnd(2, "0"));
  return fen <= MOST_FEN ? fen : null;
}

/** Full-width and Arabic-Indic digits as the ten that everything else understands. */
export function latinDigits(typed: string): string {
  return typed
    .replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0));
}

/** A weight in kilograms, from grams. */
export function weightText(grams: number): string {
  return t.unit_kilograms({ amount: trimmed(grams / 1000, 3) });
}

/** A temperature, from tenths of a degree Celsius. */
export function temperatureText(tenths: number): string {
  return signed(t.unit_celsius({ amount: (tenths / 10).toFixed(1).replace("-", "−") }));
}

/** A distance: metres by tens below a kilometre, then kilometres. */
export function distanceText(metres: number): string {
  if (metres < 1000) return t.unit_metres({ amount: Math.round(metres / 10) * 10 });
  return t.unit_kilometres({
    amount: metres < 10_000 ? trimmed(metres / 1000, 1) : grouped(Math.round(metres / 1000)),
  });
}

/** Bytes as kB or MB. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return t.unit_bytes({ amount: bytes });
  if (bytes < 1_000_000) return t.unit_kilobytes({ amount: trimmed(bytes / 1000, 1) });
  return t.unit_megabytes({ amount: trimmed(bytes / 1_000_000, 1) });
}

function trimmed(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}
