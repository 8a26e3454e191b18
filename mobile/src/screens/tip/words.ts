/** The longest text of a tip, in code points, as the core counts them. */
export const MOST_CHARACTERS = 200;

/** How many characters may still be written; below zero where there are too many. */
export function charactersLeft(text: string): number {
  return MOST_CHARACTERS - [...text].length;
}
