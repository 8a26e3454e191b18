import type { FactId, Names, PersonId, Position, RecordId, RecordKind, Whereabouts } from "./records";

/** All that this phone knows of one record. */
export interface RecordPage {
  record: RecordId;
  kind: RecordKind;
  status: Status;
  plan: PlanView | null;
  facts: FactLine[];
  phones: Phone[];
  is_whole: boolean;
  whereabouts: Whereabouts;
  is_granted: boolean;
  /** Who and what is named in it, by id. */
  names: Record<string, NameOf>;
}

export interface NameOf {
  kind: RecordKind;
  names: Names;
}

export interface Phone {
  fact: FactId;
  number: string;
}

/** What a record is. Beside these it holds what its own kind says: a state, a stage, a subsidy. */
export interface Status {
  kind: RecordKind;
  phase: "open" | "waiting" | "ended";
  ended_at_ms: number | null;
  ended_by: FactId[];
  holders: unknown[];
  handings: unknown[];
  notices: Notice[];
  discrepancies: { code: string; facts: FactId[] }[];
  credits: { device: number; fact: FactId }[];
  state?: string;
  subsidy?: "unclaimed" | "claimed" | "refused" | "granted" | "paid_out";
  round?: number;
  appeal_kind?: number | null;
  extent?: number | null;
  [own: string]: unknown;
}

export interface Notice {
  notice: string;
  [own: string]: unknown;
}

/** A plan's fields by name: texts, ids and notes are strings. */
export interface PlanView {
  kind: RecordKind;
  fields: Record<string, PlanValue>;
  conflicts: { field: string; values: unknown[] }[];
  unknown: string[];
}

export type PlanValue =
  string | number | boolean | Position | PlanValue[] | PlanItem[] | { [key: string]: PlanValue };

export interface PlanItem {
  id: string;
  [field: string]: PlanValue;
}

/** One fact, ready for words. */
export interface FactLine {
  fact: FactId;
  kind: string;
  at_ms: number;
  time_is_sure: boolean;
  by: PersonId | null;
  is_own: boolean;
  /** The words of a sealed text that this phone can open: a liaison's answer to one's own appeal. */
  words?: string | null;
  fields: Record<string, FieldValue>;
  side: string[];
  is_voided: boolean;
  is_newer: boolean;
  state: "local" | "held" | "county" | "refused" | "gone" | "damaged";
  verdict: string | null;
}

export type FieldValue = number | boolean | string | string[] | Named | { bytes: number };

/** An entry of a code list; one that is newer than this app has no name. */
export interface Named {
  list: string;
  code: number;
  name: string | null;
}

/** A fact by names, to be recorded. */
export interface FactDraft {
  record: RecordId;
  kind: string;
  fields: Record<string, boolean | number | string | string[]>;
  fix: Fix | null;
  signature: number[] | null;
}

/** A position and how good it is. */
export interface Fix {
  position: Position;
  accuracy_m: number;
}
