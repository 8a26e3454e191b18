import { backend, type FactId, type RecordId, type ScanFor } from "../../backend/backend";
import { codeOf } from "../../backend/errors";
import { hush } from "../../components/toast.svelte";
import { settings } from "../../session.svelte";
import { signal } from "../../signals/signal";
import { counts, outcomeOf, type Outcome, type Scanned } from "./scanned";

/** What scanning is for. */
export interface Purpose {
  readonly purpose: ScanFor;
  /** What is done with each parcel beside the scan; answers with the facts that it recorded. */
  readonly take?: ((record: RecordId) => Promise<FactId[]>) | undefined;
  /** Whether nothing about anybody may be read: the app is locked. */
  readonly quiet: boolean;
  readonly onscanned?: ((outcome: Outcome, scanned: Scanned) => void) | undefined;
}

/** Facts by which a scan itself is recorded, so that it can be taken back. */
const BY_SCAN: Readonly<Record<string, string>> = {
  loading_out: "delivery.loaded_out",
  scanning_in: "delivery.scanned_in",
};

/** A round of scans, one after the other, each waiting for the one before. */
export function scanning(asked: () => Purpose) {
  let round = $state.raw<readonly Scanned[]>([]);
  let last = $state.raw<Scanned>();
  let error = $state<string>();
  let before: Promise<void> = Promise.resolve();
  let scans = 0;

  function hear(text: string): Promise<void> {
    before = before.then(() => attempt(() => one(text)));
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

  async function one(text: string): Promise<void> {
    const { purpose, take, quiet, onscanned } = asked();
    const scan = await backend().scan(text, purpose);
    const record = "record" in scan ? scan.record : null;
    const wasTaken = take && round.some((other) => other.record === record && counts(other));
    const outcome = wasTaken ? "twice" : outcomeOf(scan);
    let facts: FactId[] = [];
    if (take && record !== null && (outcome === "good" || outcome === "unknown")) facts = await take(record);
    const [item = null] = record === null || quiet ? [] : await backend().items([record]);
    const scanned: Scanned = {
      n: ++scans,
      text,
      outcome,
      record,
      assignee: scan.scan === "not_mine" ? scan.assignee : null,
      item,
      facts,
    };
    show(scanned);
    onscanned?.(outcome, scanned);
  }

  function show(scanned: Scanned): void {
    last = scanned;
    round = [scanned, ...round.filter(({ n }) => n !== scanned.n)];
    const which =
      scanned.outcome === "ended" || scanned.outcome === "not_a_waybill" ? "not_mine" : scanned.outcome;
    signal(which, settings());
  }

  /** Takes a parcel over that the plan gives to somebody else. */
  function takeOver(scanned: Scanned): Promise<void> {
    const { record, assignee } = scanned;
    if (record === null || assignee === null) return Promise.resolve();
    return attempt(async () => {
      const facts = await backend().takeOver([record], assignee);
      show({ ...scanned, outcome: "good", facts });
    });
  }

  /** Leaves a parcel where it is. */
  function leave(scanned: Scanned): void {
    round = round.filter(({ n }) => n !== scanned.n);
    last = undefined;
  }

  /** Takes back what a scan recorded. */
  function undo(scanned: Scanned): Promise<void> {
    return attempt(async () => {
      const facts = scanned.facts.length > 0 ? scanned.facts : await recordedBy(scanned);
      if (facts.length > 0) await backend().undo([...facts]);
      leave(scanned);
    });
  }

  async function recordedBy({ record }: Scanned): Promise<readonly FactId[]> {
    const kind = BY_SCAN[asked().purpose.for];
    if (record === null || kind === undefined) return [];
    const { facts } = await backend().show(record);
    const own = facts.findLast((line) => line.kind === kind && line.is_own && !line.is_voided);
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
    takeOver,
    leave,
    undo,
  };
}
