const DAY_MS = 86_400_000;

/** How long a consent may be given for, in days; none until it is withdrawn. */
export const SPANS = { withdrawn: null, month: 30, quarter: 91, year: 365 } as const;

/** A span's name. */
export type Span = keyof typeof SPANS;

/** The moment until which something that begins now holds. */
export function endOf(span: Span, nowMs: number): number | null {
  const days = SPANS[span];
  return days === null ? null : nowMs + days * DAY_MS;
}
