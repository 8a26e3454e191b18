import type { ColleagueEntry } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";

/** The colleagues who carry parcels and cash: couriers, and whose role is not known here. */
export function couriersAmong(colleagues: readonly ColleagueEntry[]): ColleagueEntry[] {
  return colleagues.filter(
    ({ is_me, role }) => !is_me && ["courier", undefined].includes(entryOf("role", role)?.name),
  );
}
