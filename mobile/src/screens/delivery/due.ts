import type { RecordPage } from "../../backend/backend";
import { numberIn } from "../plan";

/** What is to be paid for a parcel yet, in fen. */
export function cashDue({ plan, facts }: Pick<RecordPage, "plan" | "facts">): number {
  const collected = facts
    .filter((line) => line.kind === "delivery.cash_collected" && !line.is_voided)
    .reduce((sum, line) => sum + Number(line.fields["fen"] ?? 0), 0);
  return Math.max(0, (numberIn(plan, "cash_fen") ?? 0) - collected);
}

/** Whether it was handed over, or left, before all of it was paid: then the rest can be collected by itself. */
export function isOwing(page: Pick<RecordPage, "plan" | "facts" | "status">): boolean {
  const { state } = page.status;
  return (state === "delivered" || state === "at_drop_point") && cashDue(page) > 0;
}
