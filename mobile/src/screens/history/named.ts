import type { NameOf } from "../../backend/backend";
import { nameIn } from "../../texts/names";
import { t } from "../../texts/texts.svelte";

/** Names of those that a record's facts and plan speak of, by their ids. */
export type NamesHere = Readonly<Record<string, NameOf | undefined>>;

/** What an id is called; nothing where nobody here knows. */
export function nameHere(names: NamesHere, id: unknown): string | undefined {
  const known = typeof id === "string" ? names[id] : undefined;
  return known ? nameIn(known.names) || undefined : undefined;
}

/** Somebody, by name where it is known. */
export function whoHere(names: NamesHere, id: unknown): string {
  return nameHere(names, id) ?? t.history_somebody();
}

/** A place or camp, by name where it is known. */
export function placeHere(names: NamesHere, id: unknown): string {
  return nameHere(names, id) ?? t.history_some_place();
}
