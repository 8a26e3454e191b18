/** How long a consent may be given for, in days; none until it is withdrawn. From when they count is the core's to say. */
export const SPANS = { withdrawn: null, month: 30, quarter: 91, year: 365 } as const;

/** A span's name. */
export type Span = keyof typeof SPANS;
