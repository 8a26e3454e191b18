/** Figures that keep their sign before their number inside a right-to-left sentence. */
export function isolated(figures: string): string {
  return `\u2066${figures}\u2069`;
}
