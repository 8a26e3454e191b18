import { CODES } from "../../backend/codes.gen";

/** A reason for which a delivery can fail. */
export type Reason = (typeof CODES)["failure_reason"][number];

/** The ten that couriers need most, in the order in which they stand on the sheet. */
const COMMON: readonly Reason["name"][] = [
  "recipient_absent",
  "phone_unreachable",
  "camp_moved",
  "asked_for_later",
  "address_wrong",
  "address_unreachable",
  "road_closed",
  "river_or_snow",
  "cash_unpaid",
  "out_of_time",
];

/** Reasons that are no failed attempt to deliver: each is an act of its own. */
const ELSEWHERE: ReadonlySet<Reason["name"]> = new Set(["refused", "animal_unfit"]);

/** The reasons that are seen at once. */
export function commonReasons(): Reason[] {
  return COMMON.flatMap((name) => CODES.failure_reason.filter((reason) => reason.name === name));
}

/** The other reasons, the one that wants words last. */
export function otherReasons(): Reason[] {
  return CODES.failure_reason.filter(({ name }) => !COMMON.includes(name) && !ELSEWHERE.has(name));
}

/** Whether the writer has to say more. */
export function wantsWords(reason: Reason): boolean {
  return "needs_text" in reason;
}
