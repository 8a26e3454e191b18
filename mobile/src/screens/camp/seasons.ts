const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

/** How long a household says that it stays. */
export const STAYS = ["open", "month", "quarter"] as const;

/** A stay's name. */
export type Stay = (typeof STAYS)[number];

/** Until when, for one that begins now; nothing where they do not know. */
export function stayUntil(stay: Stay, nowMs: number): number | null {
  return stay === "open" ? null : nowMs + (stay === "month" ? 30 : 91) * DAY_MS;
}

/** The code of the pasture that one is on in this month: spring from March, summer from June, and so on. */
export function seasonAt(nowMs: number): number {
  const month = new Date(nowMs + BEIJING_MS).getUTCMonth();
  return month < 2 || month === 11 ? 4 : Math.floor((month - 2) / 3) + 1;
}
