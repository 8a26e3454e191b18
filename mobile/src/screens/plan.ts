import type { PlanView } from "../backend/backend";

/** A field of a plan that holds a text, an id or a note; nothing where it holds something else or is not there. */
export function textIn(plan: PlanView | null, field: string): string | undefined {
  const value: unknown = plan?.fields[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A field of a plan that holds a number in its unit: fen, tenths of a degree, milliseconds, a code. */
export function numberIn(plan: PlanView | null, field: string): number | undefined {
  const value: unknown = plan?.fields[field];
  return typeof value === "number" ? value : undefined;
}
