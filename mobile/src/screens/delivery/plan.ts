import type { RecordPage } from "../../backend/backend";
import { moneyText } from "../../texts/amounts";
import { codeText } from "../../texts/codes";
import { inOneLine } from "../../texts/one-line";
import { t } from "../../texts/texts.svelte";
import { whenText } from "../../texts/times";
import { nameHere } from "../history/named";
import { flagsIn } from "../stop/flags";

/** The fields of a delivery's plan that people read, in the order in which they are shown. */
const SHOWN = [
  "name",
  "household",
  "address",
  "place",
  "waybill",
  "carrier",
  "due_from_ms",
  "due_until_ms",
  "cash_fen",
  "flags",
  "assignee",
] as const;

/** A field of a plan in words; nothing where it holds nothing to be read. */
export function valueText(
  page: RecordPage,
  field: string,
  value: unknown,
  nowMs: number,
): string | undefined {
  if (typeof value === "number") {
    if (field.endsWith("_fen")) return moneyText(value);
    if (field.endsWith("_ms")) return whenText(value, nowMs);
    if (field === "flags") {
      return (
        flagsIn(value)
          .map((flag) => codeText("delivery_flag", flag))
          .join(" · ") || undefined
      );
    }
    return String(value);
  }
  if (typeof value !== "string" || value === "") return undefined;
  const isId = ["household", "place", "carrier", "assignee"].includes(field);
  return isId ? nameHere(page.names, value) : value;
}

/** What the plan says, a line for each field that says something. */
export function planLines(
  page: RecordPage,
  nowMs: number,
): { label: string; value: string | undefined; field: string }[] {
  return SHOWN.map((field) => ({
    field,
    label: codeText("delivery_field", field),
    value: valueText(page, field, page.plan?.fields[field], nowMs),
  }));
}

/** Where people wrote different things apart: what stands for now, and what else was written. */
export function conflictsOf(page: RecordPage, nowMs: number): string[] {
  return (page.plan?.conflicts ?? []).map(({ field, values }) => {
    const told = (values as readonly { value: unknown }[]).map(
      (one) => valueText(page, field, one.value, nowMs) ?? t.delivery_conflict_empty(),
    );
    const [value = "", ...others] = told;
    return t.delivery_conflict({
      field: codeText("delivery_field", field),
      value,
      others: inOneLine(others),
    });
  });
}
