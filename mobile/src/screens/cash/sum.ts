import { fenFrom } from "../../texts/amounts";

/** Fen from what somebody typed in yuan, or null where it is no sum that can change hands. */
export function sumFrom(typed: string): number | null {
  const fen = fenFrom(typed);
  return fen === 0 ? null : fen;
}
