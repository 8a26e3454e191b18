import { backend, type FactId, type ScanFor } from "../../backend/backend";
import { codeOf } from "../../backend/errors";
import { hush } from "../../components/toast.svelte";
import { settings } from "../../session.svelte";
import { signal } from "../../signals/signal";
import type { Signal } from "../../signals/signals";
import { canTakeOver, counts, outcomeOf, whoseIs, type Outcome, type Scanned } from "./scanned";

/** What scanning is for. */
export interface Purpose {
  readonly purpose: ScanFor;
  /** Whether nothing about anybody may be read: the app is locked. */
  readonly quiet: boolean;
  readonly onscanned?: ((outcome: Outcome, scanned: Scanned) => void) | undefined;
}

/** The fact by which a scan itself is recorded, so that it can be taken back. */
const BY_SCAN: Readonly<Record<ScanFor["for"], string | null>> = {
  loading_out: "delivery.loaded_out",
  scanning_in: "delivery.scanned_in",
  returning: "delivery.returned_to_station",
  handing_over: "delivery.handed_over",
  taking_over: "delivery.taken_over",
  looking: null,
};

const SIGNALS: Readonly<Record<Outcome, Signal>> = {
  good: "good",
  twice: "twice",
  unknown: "unknown",
  not_here: "unknown",
  not_mine: "not_mine",
  with_another: "not_mine",
  ended: "ended",
  not_a_waybill: "not_a_waybill",
};

/** A round of scans, one after the other, each act waiting for the one before. */
export function scanning(asked: () => Purpose) {
  let round = $state.raw<readonly Scanned[]>([]);
  let last = $state.raw<Scanned>();
  let error = $state<string>();
  let before: Promise<void> = Promise.resolve();
  let scans = 0;

  function next(act: () => Promise<void>): Promise<void> {
    before = before.then(() => attempt(act));
    return before;
  }

  async function attempt(act: () => Promise<void>): Promise<void> {
    hush();
    error = undefined;
    try {
      await act();
    } catch (thrown) {
      error = codeOf(thrown);
    }
  }

  async function one(
    text: string,
    purpose: ScanFor,
    n: number,
    facts: readonly FactId[] = [],
  ): Promise<void> {
    const { quiet, onscanned } = asked();
    const scan = await backend().scan(text, purpose);
    const outcome = outcomeOf(scan);
    const record = "record" in scan ? scan.record : null;
    const [item = null] = record === null || quiet ? [] : await backend().items([record]);
    const byScan = counts({ outcome }) ? BY_SCAN[purpose.for] : null;
    const scanned: Scanned = { n, text, outcome, record, whose: whoseIs(scan), item, byScan, facts };
    show(scanned);
    onscanned?.(outcome, scanned);
  }

  function show(scanned: Scanned): void {
    last = scanned;
    round = [scanned, ...round.filter(({ n }) => n !== scanned.n)];
    signal(SIGNALS[scanned.outcome], settings());
  }

  function hear(text: string): Promise<void> {
    return next(() => one(text, asked().purpose, ++scans));
  }

  /** Does this with a scan, unless something else was done with it meanwhile: a second tap, say. */
  function once(scanned: Scanned, act: () => Promise<void>): Promise<void> {
    return next(async () => {
      if (round.includes(scanned)) await act();
    });
  }

  /** Makes a record of a number that nobody here knows. */
  function make(scanned: Scanned, purpose: ScanFor): Promise<void> {
    return once(scanned, () => one(scanned.text, purpose, scanned.n));
  }

  /** Takes a parcel over that is somebody else's, and goes on with what it was scanned for. */
  function takeOver(scanned: Scanned): Promise<void> {
    const { record, whose, text, n } = scanned;
    return once(scanned, async () => {
      if (record === null || whose === null || !canTakeOver(scanned)) return;
      const facts = await backend().takeOver([record], whose);
      const { purpose } = asked();
      // To have it is what these two are for.
      const isDone = purpose.for === "loading_out" || purpose.for === "taking_over";
      if (isDone) show({ ...scanned, outcome: "good", facts });
      else await one(text, purpose, n, facts);
    });
  }

  /** Leaves a parcel where it is. */
  function leave(scanned: Scanned): void {
    round = round.filter(({ n }) => n !== scanned.n);
    if (last?.n === scanned.n) last = undefined;
  }

  /** Takes back what a scan recorded. */
  function undo(scanned: Scanned): Promise<void> {
    return once(scanned, async () => {
      const facts = [...scanned.facts, ...(await recordedBy(scanned))];
      if (facts.length > 0) await backend().undo(facts);
      leave(scanned);
    });
  }

  async function recordedBy({ record, byScan }: Scanned): Promise<readonly FactId[]> {
    if (record === null || byScan === null) return [];
    const { facts } = await backend().show(record);
    const own = facts.findLast((line) => line.kind === byScan && line.is_own && !line.is_voided);
    return own ? [own.fact] : [];
  }

  return {
    get round() {
      return round;
    },
    get last() {
      return last;
    },
    get error() {
      return error;
    },
    hear,
    make,
    takeOver,
    leave,
    undo,
  };
}
