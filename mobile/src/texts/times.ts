import { t, textByKey } from "./texts.svelte";
import { isXinjiangShown } from "./xinjiang.svelte";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
const XINJIANG_MS = 6 * 3_600_000;

/** A courier's day ends at 04:00 Beijing time. */
export const DAY_ENDS_MS = 4 * 3_600_000;

/** How a time is to be shown. */
export interface TimeStyle {
  /** Whether the clock that it was taken from is known to be right; if not, it is "about". */
  readonly isSure?: boolean;
  /** Whether Xinjiang time stands beside Beijing time; then both are labelled. As it is set, if nothing is said. */
  readonly withXinjiang?: boolean | undefined;
}

function clockAt(ms: number, offset: number): string {
  const at = new Date(ms + offset);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** Days since 1970 of the Beijing day in whose 04:00 a courier's day began. */
export function courierDay(ms: number): number {
  return Math.floor((ms + BEIJING_MS - DAY_ENDS_MS) / DAY_MS);
}

/** The hours and minutes in Beijing time, whatever the phone's zone. */
export function clockText(ms: number, style: TimeStyle = {}): string {
  const beijing = clockAt(ms, BEIJING_MS);
  const shown =
    (style.withXinjiang ?? isXinjiangShown())
      ? t.time_both({ beijing, xinjiang: clockAt(ms, XINJIANG_MS) })
      : beijing;
  return style.isSure === false ? t.time_about({ time: shown }) : shown;
}

/** The month and day in Beijing time, with the year where it is not this one. */
export function dateText(ms: number, nowMs: number): string {
  const at = new Date(ms + BEIJING_MS);
  const month = textByKey(`month_${String(at.getUTCMonth() + 1)}`, String);
  const day = at.getUTCDate();
  const year = at.getUTCFullYear();
  return year === new Date(nowMs + BEIJING_MS).getUTCFullYear()
    ? t.date_day({ month, day })
    : t.date_full({ year, month, day });
}

/** A moment as somebody would say it: the clock alone today, "yesterday 14:00", else with its date. */
export function whenText(ms: number, nowMs: number, style: TimeStyle = {}): string {
  const clock = clockText(ms, style);
  const days = Math.floor((nowMs + BEIJING_MS) / DAY_MS) - Math.floor((ms + BEIJING_MS) / DAY_MS);
  if (days === 0) return clock;
  if (days === 1) return t.time_yesterday({ time: clock });
  if (days === -1) return t.time_tomorrow({ time: clock });
  return t.time_on_date({ date: dateText(ms, nowMs), time: clock });
}

/** A span in hours and minutes, or in days from two days on. */
export function spanText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  if (minutes < 60) return t.span_minutes({ minutes });
  if (minutes < 48 * 60) return t.span_hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return t.span_days({ days: Math.floor(minutes / (24 * 60)) });
}
