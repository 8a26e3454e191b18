import { codeText } from "../texts/codes";

const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];

/** The direction in words; degrees count clockwise from north. */
export function windText(degrees: number): string {
  return codeText("bearing", WINDS[Math.round(degrees / 45) % WINDS.length]);
}
