import type { Stop } from "../../backend/backend";
import { nameIn } from "../../texts/names";
import { inOneLine } from "../../texts/one-line";
import { t } from "../../texts/texts.svelte";

type Named = Pick<Stop, "household_name" | "place_names" | "landmark" | "items">;

/** What a stop is called: its household, else its place, else what is to do there. */
export function stopName(stop: Named): string {
  return stop.household_name || nameIn(stop.place_names) || stop.items[0]?.title || t.today_new_stop();
}

/** Where a stop is, in one line: what its name does not say already. */
export function stopWhere(stop: Named): string {
  const place = stop.household_name ? nameIn(stop.place_names) : "";
  const said = [place, stop.landmark].filter((text, i, all) => text && all.indexOf(text) === i);
  return said.length > 0 ? inOneLine(said) : (stop.items[0]?.address ?? "");
}
