import { courierDay, DAY_ENDS_MS } from "../../texts/times";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const BEIJING_MS = 8 * 3_600_000;

/** Until when something is to be done, in days from today; none where it is not urgent. */
export const DUES = { open: null, today: 0, tomorrow: 1, three_days: 3, week: 7 } as const;

/** By when something is to be done. */
export type Due = keyof typeof DUES;

/**
 * The last minute of that courier's day before midnight in Beijing, in UTC milliseconds; after midnight, until 04:00, the
 * last of the day that still is.
 */
export function dueUntil(due: Due, nowMs: number): number | null {
  const days = DUES[due];
  if (days === null) return null;
  const midnight = (courierDay(nowMs) + days + 1) * DAY_MS - BEIJING_MS;
  return (midnight > nowMs ? midnight : midnight + DAY_ENDS_MS) - MINUTE_MS;
}
