import { tenthsFrom } from "../pickup/measures";

/** How cold something is to stay; the first two are what cold boxes are made for. */
export const COLD_LIMITS = ["chilled", "frozen", "other_limits"] as const;

/** Such a choice. */
export type ColdLimits = (typeof COLD_LIMITS)[number];

/** Limits in tenths of a degree Celsius. */
export interface Limits {
  readonly least: number | null;
  readonly most: number | null;
}

/** The limits of a choice, or null where what was typed is none. An empty side has no limit. */
export function limitsOf(choice: ColdLimits, from: string, to: string): Limits | null {
  if (choice === "chilled") return { least: 0, most: 40 };
  if (choice === "frozen") return { least: null, most: -180 };
  const [least, most] = [from, to].map((typed) => (typed.trim() ? tenthsFrom(typed, false) : undefined));
  if (least === null || most === null) return null;
  if (least !== undefined && most !== undefined && least > most) return null;
  return { least: least ?? null, most: most ?? null };
}
