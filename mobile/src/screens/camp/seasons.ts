const BEIJING_MS = 8 * 3_600_000;

/** How many days a household says that it stays; none where they do not know. From when they count is the core's to say. */
export const STAYS = { open: null, month: 30, quarter: 91 } as const;

/** A stay's name. */
export type Stay = keyof typeof STAYS;

/** The code of the pasture that one is on in this month: spring from March, summer from June, and so on. */
export function seasonAt(nowMs: number): number {
  const month = new Date(nowMs + BEIJING_MS).getUTCMonth();
  return month < 2 || month === 11 ? 4 : Math.floor((month - 2) / 3) + 1;
}
