import type { Salvaged } from "../../backend/backend";
import { t } from "../../texts/texts.svelte";

/** What could be saved of a damaged store, and what is to be done about the rest: a sentence each. */
export function salvagedText(salvaged: Salvaged): string {
  const { facts, facts_lost: lost } = salvaged;
  const saved = { saved: facts, all: facts + lost, lost };
  const own =
    lost > 0
      ? t.trouble_salvaged_some(saved)
      : facts > 0
        ? t.trouble_salvaged_all({ saved: facts })
        : t.trouble_salvaged_none();
  const said = [own];
  if (salvaged.photos_lost > 0) said.push(t.trouble_salvaged_photos({ lost: salvaged.photos_lost }));
  said.push(salvaged.is_enrolled ? t.trouble_salvaged_rest() : t.trouble_salvaged_enrol());
  return said.join(" ");
}
