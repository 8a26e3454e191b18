import type { ConsentEntry } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";
import { codeText } from "../../texts/codes";
import { nameIn } from "../../texts/names";
import { t } from "../../texts/texts.svelte";
import { dateText } from "../../texts/times";

/** What a consent covers, in one line. */
export function consentText(consent: ConsentEntry): string {
  switch (entryOf("consent_scope", consent.scope)?.name) {
    case "proxy":
      return t.consent_proxy_line({ name: consent.proxy ?? "" });
    case "drop_point":
      return t.consent_drop_point_line({ place: nameIn(consent.drop_point_names) });
    case "errand_help":
      return t.consent_errand_line();
    default:
      return codeText("consent_scope", null, consent.scope ?? undefined);
  }
}

/** Until when it stands, or why it does not. */
export function standingText(consent: ConsentEntry, nowMs: number): string {
  if (consent.status === "withdrawn") return t.consent_withdrawn();
  if (!consent.stands) return t.consent_ended();
  return consent.until_ms === null
    ? t.consent_until_withdrawn()
    : t.consent_until_date({ date: dateText(consent.until_ms, nowMs) });
}
