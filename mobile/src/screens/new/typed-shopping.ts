import type { ShoppingItem } from "../../backend/backend";

/** An entry of a shopping list while it is being typed. */
export interface TypedItem {
  readonly key: number;
  text: string;
  quantity: string;
  /** Several, with commas of any script between them. */
  orElse: string;
}

let last = 0;

/** An entry in which nothing is typed yet. */
export function blankItem(): TypedItem {
  return { key: ++last, text: "", quantity: "", orElse: "" };
}

/** What was typed, without empty entries. */
export function shoppingFrom(items: readonly TypedItem[]): ShoppingItem[] {
  return items
    .filter((item) => item.text.trim())
    .map(({ text, quantity, orElse }) => ({
      text: text.trim(),
      quantity: quantity.trim() || null,
      or_else: orElse
        .split(/[,，、،;；\n]/)
        .map((one) => one.trim())
        .filter(Boolean),
    }));
}
