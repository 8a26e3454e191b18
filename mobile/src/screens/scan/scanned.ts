import type { FactId, Item, PersonId, RecordId, ScanOutcome } from "../../backend/backend";

/** What a scan came to, as the screen says it. */
export type Outcome =
  "good" | "twice" | "unknown" | "not_here" | "not_mine" | "with_another" | "ended" | "not_a_waybill";

/** One scan of a round. */
export interface Scanned {
  /** Its number in the round, from 1. */
  readonly n: number;
  /** What was scanned or typed. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly record: RecordId | null;
  /** Who has it, or whom the plan gives it to, where that is somebody else and known. */
  readonly whose: PersonId | null;
  /** As lists show it; none where nothing about anybody may be seen. */
  readonly item: Item | null;
  /** The kind of fact by which the scan was recorded; none where it was not. */
  readonly byScan: string | null;
  /** What was recorded besides. */
  readonly facts: readonly FactId[];
}

const OUTCOMES: Readonly<Record<ScanOutcome["scan"], Outcome>> = {
  known: "good",
  new: "unknown",
  unknown: "not_here",
  twice: "twice",
  not_mine: "not_mine",
  with_another: "with_another",
  ended: "ended",
  not_a_waybill: "not_a_waybill",
};

/** What the core's outcome is called here. */
export function outcomeOf(scan: ScanOutcome): Outcome {
  return OUTCOMES[scan.scan];
}

/** Who has a parcel that is somebody else's, as far as it is known. */
export function whoseIs(scan: ScanOutcome): PersonId | null {
  if (scan.scan === "not_mine") return scan.assignee;
  return scan.scan === "with_another" ? scan.holder : null;
}

/** Whether something was recorded about a parcel by it. */
export function counts({ outcome }: Pick<Scanned, "outcome">): boolean {
  return outcome === "good" || outcome === "unknown";
}

/** Whether somebody else's parcel can be taken over first. */
export function canTakeOver({ outcome, whose }: Pick<Scanned, "outcome" | "whose">): boolean {
  return (outcome === "not_mine" || outcome === "with_another") && whose !== null;
}

/** How many parcels a round recorded something about. */
export function countOf(round: readonly Scanned[]): number {
  return new Set(round.filter(counts).map(({ record }) => record)).size;
}
