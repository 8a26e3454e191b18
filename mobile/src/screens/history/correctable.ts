import type { FactLine } from "../../backend/backend";

/** Kinds of records whose facts can be voided by their writer (core/records/codes/facts.toml). */
const KINDS = new Set(["delivery", "pickup", "errand", "cash_pass", "hand_in", "count"]);

/** Whether whoever is at this phone may take a fact back: their own, not taken back yet, and not itself a correction. */
export function canBeCorrected(line: FactLine): boolean {
  const [record = "", kind = ""] = line.kind.split(".");
  const decides = kind === "corrected" || kind === "discrepancy_closed";
  return line.is_own && !line.is_voided && !line.is_newer && KINDS.has(record) && !decides;
}
