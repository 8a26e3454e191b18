/** Figures that keep their sign before their number inside a right-to-left sentence. */
export function isolated(figures: string): string {
  return `\u2066${figures}\u2069`;
}

/** What may stand bare in a line of each direction: nothing in it or beside it is moved. */
const BARE = {
  ltr: /^[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*$/,
  rtl: /^(?:[\u0620-\u065f\u066e-\u06d5\s]*|[\d.,:]*|−[\d.,]*)$/,
} as const;

/**
 * What somebody wrote, for a place in a line of this direction: by its own first letter where it would be moved, or
 * would move what stands beside it. Marked there alone, so that most lines hold no mark at all.
 */
export function apart(written: string, direction: "ltr" | "rtl"): string {
  return BARE[direction].test(written) ? written : `\u2068${written}\u2069`;
}
