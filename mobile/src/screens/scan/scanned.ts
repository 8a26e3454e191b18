import type { FactId, Item, RecordId, ScanOutcome } from "../../backend/backend";

/** What a scan came to, as the screen says it. */
export type Outcome = "good" | "twice" | "unknown" | "not_mine" | "ended" | "not_a_waybill";

/** One scan of a round. */
export interface Scanned {
  /** Its number in the round, from 1. */
  readonly n: number;
  /** What was scanned or typed. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly record: RecordId | null;
  /** Whom the plan gives it to. */
  readonly assignee: string | null;
  /** As lists show it; none where nothing about anybody may be seen. */
  readonly item: Item | null;
  /** What was recorded by it. */
  readonly facts: readonly FactId[];
}

const OUTCOMES: Readonly<Record<ScanOutcome["scan"], Outcome>> = {
  known: "good",
  new: "unknown",
  twice: "twice",
  not_mine: "not_mine",
  ended: "ended",
  not_a_waybill: "not_a_waybill",
};

/** What the core's outcome is called here. */
export function outcomeOf(scan: ScanOutcome): Outcome {
  return OUTCOMES[scan.scan];
}

/** Whether something was recorded about a parcel by it. */
export function counts({ outcome }: Pick<Scanned, "outcome">): boolean {
  return outcome === "good" || outcome === "unknown";
}

/** How many parcels a round recorded something about. */
export function countOf(round: readonly Scanned[]): number {
  return new Set(round.filter(counts).map(({ record }) => record)).size;
}
