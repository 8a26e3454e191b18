import type { HeldAbout } from "../../backend/backend";
import { hasText, t, textByKey } from "../../texts/texts.svelte";

/** What a record holds about somebody, in words; what only keeps the record in its place is not about anybody. */
export function heldWords({ fields, side }: HeldAbout): string {
  const keys = [
    ...fields.map((field) => `household_field_${field}`),
    ...side.map((name) => `household_side_${name}`),
  ];
  const words = keys.filter(hasText).map((key) => textByKey(key, () => ""));
  return words.length > 0 ? [...new Set(words)].join(t.household_and()) : t.household_data_nothing();
}
