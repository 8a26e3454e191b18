import type { FactLine } from "../../backend/backend";

/** What an errand's money comes to, in fen. */
export interface ErrandSums {
  /** What the asker gave beforehand. */
  readonly advance: number;
  /** What the goods cost. */
  readonly spent: number;
  /** What was given back. */
  readonly change: number;
  /** What the asker paid afterwards. */
  readonly reimbursed: number;
  /** What is to be given back yet; nothing where the asker owes. */
  readonly changeDue: number;
  /** What the asker owes yet. */
  readonly owed: number;
}

function sumOf(facts: readonly FactLine[], kind: string): number {
  return facts
    .filter((fact) => fact.kind === `errand.${kind}` && !fact.is_voided)
    .reduce((sum, fact) => sum + (typeof fact.fields["fen"] === "number" ? fact.fields["fen"] : 0), 0);
}

/** The sums of an errand, from its facts. */
export function sumsOf(facts: readonly FactLine[]): ErrandSums {
  const [advance, spent, change, reimbursed] = ["advance_given", "bought", "change_given", "reimbursed"].map(
    (kind) => sumOf(facts, kind),
  ) as [number, number, number, number];
  const left = advance + reimbursed - spent - change;
  return { advance, spent, change, reimbursed, changeDue: Math.max(0, left), owed: Math.max(0, -left) };
}
