import type { FactLine, PlanView } from "../../backend/backend";

/** An entry of a shopping list and what became of it. */
export interface ShoppingLine {
  readonly id: string;
  readonly text: string;
  readonly quantity: string;
  /** What may be bought in its stead. */
  readonly orElse: readonly string[];
  readonly outcome: ShoppingOutcome;
}

/** What became of an entry. */
export type ShoppingOutcome =
  | { readonly state: "open" }
  | { readonly state: "bought"; readonly name: string; readonly fen: number; readonly fact: string }
  | { readonly state: "not_to_be_had"; readonly note: string; readonly fact: string };

/** The shopping list of an errand with what became of each entry, by its latest fact that nobody voided. */
export function shoppingOf(plan: PlanView | null, facts: readonly FactLine[]): ShoppingLine[] {
  const items: unknown = plan?.fields["shopping"];
  if (!Array.isArray(items)) return [];
  return items.filter(isItem).map((item) => ({
    id: item.id,
    text: textOf(item["text"]),
    quantity: textOf(item["quantity"]),
    orElse: Array.isArray(item["or_else"]) ? item["or_else"].map(textOf) : [],
    outcome: outcomeOf(item.id, facts),
  }));
}

/** The next entry that nothing became of yet. */
export function nextToBuy(lines: readonly ShoppingLine[]): ShoppingLine | null {
  return lines.find((line) => line.outcome.state === "open") ?? null;
}

function outcomeOf(id: string, facts: readonly FactLine[]): ShoppingOutcome {
  const fact = facts.findLast(
    (line) =>
      (line.kind === "errand.bought" || line.kind === "errand.not_to_be_had") &&
      line.fields["item"] === id &&
      !line.is_voided,
  );
  if (!fact) return { state: "open" };
  if (fact.kind === "errand.not_to_be_had") {
    return { state: "not_to_be_had", note: textOf(fact.fields["note"]), fact: fact.fact };
  }
  const fen = fact.fields["fen"];
  return {
    state: "bought",
    name: textOf(fact.fields["name"]),
    fen: typeof fen === "number" ? fen : 0,
    fact: fact.fact,
  };
}

function isItem(value: unknown): value is { id: string } & Record<string, unknown> {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
