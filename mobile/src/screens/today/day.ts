import { codeText } from "../../texts/codes";
import { t } from "../../texts/texts.svelte";
import { dateText } from "../../texts/times";

const DAY_MS = 86_400_000;

/** A moment in the middle of each Beijing day, so that no rounding leads to the day before or after. */
const NOON_MS = 4 * 3_600_000;

/** The first day that was counted, 1970-01-01, was a Thursday. */
const FIRST_WEEKDAY = 4;

/** A courier's day by weekday and date; `day` counts Beijing days since 1970. */
export function dayTitle(day: number, nowMs: number): string {
  const weekday = codeText("today_weekday", String((day + FIRST_WEEKDAY) % 7));
  return t.today_day({ weekday, date: dateText(day * DAY_MS + NOON_MS, nowMs) });
}
