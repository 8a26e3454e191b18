import type { FactId, Item, RecordId } from "./records";

/** How far a sync has come: what was sent, what still waits, and bytes of bodies. */
export interface Progress {
  sent: number;
  waiting: number;
  bytes_up: number;
  bytes_down: number;
  requests: number;
  cuts: number;
}

/** What a sync came to. */
export type Synced = ({ sync: "done" } & Progress) | { sync: "elsewhere" };

/** An exchange failed, and another is tried after a while. */
export interface SyncWaiting {
  code: string;
  wait_ms: number;
}

/** What is safe and what only this phone holds. */
export interface Safety {
  records: number;
  waiting_records: number;
  waiting_facts: number;
  waiting_edits: number;
  photos: number;
  photo_bytes: number;
  waiting_for_a_number: number;
  county_answered_ms: number | null;
  last_sync: LastSync | null;
}

/** The last sync: when it ended, and why it ended early. */
export interface LastSync {
  at_ms: number;
  code: string | null;
}

/** Facts of a record that do not fit together. */
export interface Discrepancy {
  code: string;
  facts: FactId[];
}

export interface RecordDiscrepancies {
  record: RecordId;
  discrepancies: Discrepancy[];
}

/** A fact that the county did not take. */
export interface RefusedFact {
  record: RecordId;
  fact: FactId;
  kind: string;
  code: string;
}

/** An edit of a plan that the county did not take. */
export interface RefusedEdit {
  id: number;
  record: RecordId;
  edit: unknown;
  code: string;
  at_ms: number;
}

export type Refused = RefusedFact | RefusedEdit;

export type RefusedWhich = { refused: "fact"; fact: FactId } | { refused: "edit"; id: number };

/** Syncing, and what came of it. */
export interface Syncing {
  sync(address: string | null): Promise<Synced>;
  cancelSync(): Promise<void>;
  safety(): Promise<Safety>;
  unsent(): Promise<Item[]>;
  /** The list rows of these records, as far as they are here. */
  items(records: RecordId[]): Promise<Item[]>;
  discrepancies(): Promise<RecordDiscrepancies[]>;
  refused(): Promise<Refused[]>;
  refusedSeen(which: RefusedWhich): Promise<void>;
  /** Called after each exchange; answers with how to stop listening. */
  onSyncProgress(step: (progress: Progress) => void): () => void;
  /** Called when an exchange failed and another will be tried. */
  onSyncWaiting(waits: (waiting: SyncWaiting) => void): () => void;
}
