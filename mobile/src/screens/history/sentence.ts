import type { FactLine } from "../../backend/backend";
import { t } from "../../texts/texts.svelte";
import { fieldOf } from "./fields";
import type { NamesHere } from "./named";
import { saidIn } from "./said";
import { SENTENCES } from "./sentences";

/** What a fact says, in one sentence; `others` are the facts of the same record, for those that speak of another. */
export function sentenceOf(line: FactLine, names: NamesHere, others: readonly FactLine[] = []): string {
  if (line.kind.endsWith(".corrected")) return correction(line, names, others);
  if (line.kind.endsWith(".discrepancy_closed")) return t.history_discrepancy_closed();
  return SENTENCES[line.kind]?.(saidIn(line, names)) ?? t.history_newer({ code: line.kind });
}

function correction(line: FactLine, names: NamesHere, others: readonly FactLine[]): string {
  const voided = others.find((other) => other.fact === fieldOf(line, "fact"));
  if (!voided || voided.kind === line.kind) return t.history_corrected_something();
  return t.history_corrected({ what: sentenceOf(voided, names) });
}
