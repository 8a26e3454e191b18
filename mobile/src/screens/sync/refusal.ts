import type { FactLine, Refused, RefusedWhich } from "../../backend/backend";
import { t } from "../../texts/texts.svelte";

/** Why the county did not take something, as somebody would say it. */
export function refusalText(code: string): string {
  if (code === "superseded") return t.refused_superseded();
  if (code === "role_may_not" || code === "not_their_fact" || code === "not_a_party")
    return t.refused_role_may_not();
  if (code === "not_given") return t.refused_not_given();
  if (code.startsWith("tip_text_")) return t.refused_tip_text();
  if (code.startsWith("plan_")) return t.refused_plan();
  return t.refused_other({ code });
}

/** Why something is only kept at the county for now, as somebody would say it; nothing where that is not known. */
function heldText(how: string): string | undefined {
  if (how === "waiting") return t.held_waiting();
  if (how === "quarantined") return t.held_quarantined();
  return how === "late" ? t.held_late() : undefined;
}

/** What the county says of a fact that it did not simply take; nothing where it says nothing. */
export function verdictText({ state, verdict }: Pick<FactLine, "state" | "verdict">): string | undefined {
  if (verdict === null) return undefined;
  return state === "held" ? heldText(verdict) : refusalText(verdict);
}

/** Which refusal this is, to mark it as seen. */
export function whichOf(refused: Refused): RefusedWhich {
  return "fact" in refused ? { refused: "fact", fact: refused.fact } : { refused: "edit", id: refused.id };
}

/** A name for it among others, the same at each reading. */
export function keyOf(refused: Refused): string {
  return "fact" in refused ? `fact ${refused.fact}` : `edit ${refused.id}`;
}
