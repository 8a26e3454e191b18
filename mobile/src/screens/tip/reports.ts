import type { FactLine, Named, RecordPage } from "../../backend/backend";
import { codeText } from "../../texts/codes";

/** A field of a fact where it is an entry of a code list. */
export function namedIn(fact: FactLine | undefined, field: string): Named | undefined {
  const value = fact?.fields[field];
  return typeof value === "object" && "list" in value ? value : undefined;
}

/** A field of a fact where it is a text. */
export function textIn(fact: FactLine | undefined, field: string): string | undefined {
  const value = fact?.fields[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The fact with which a tip or an appeal began. */
export function firstOf(page: RecordPage): FactLine | undefined {
  return page.facts.find((fact) => fact.kind === "tip.reported" || fact.kind === "appeal.raised");
}

/** What a tip or an appeal is about. */
export function aboutText(page: RecordPage): string {
  const kind = namedIn(firstOf(page), page.kind === "tip" ? "tip_kind" : "appeal_kind");
  return codeText(page.kind === "tip" ? "tip_kind" : "appeal_kind", kind?.name, kind?.code);
}
