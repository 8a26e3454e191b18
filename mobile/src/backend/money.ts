import type { FactId, PersonId, RecordId } from "./records";

export interface CashInHand {
  /** Negative where they are owed it. */
  owed_fen: number;
  open: { passes: OpenPass[]; settlements: Settlement[] };
  unsettled: RecordId[];
}

export interface OpenPass {
  record: RecordId;
  parties: PersonId[];
  differs: boolean;
}

export interface Settlement {
  courier: PersonId;
  number: number;
  handed_in: number | null;
  counted: number | null;
  explained: boolean;
  closed: boolean;
  records: RecordId[];
}

export interface CashBook {
  owed_fen: number;
  advance_fen: number;
  collected_fen: number;
  spent_fen: number;
  passed_fen: number;
  taken_fen: number;
  handed_in_fen: number;
  /** The latest first. */
  lines: CashLine[];
}

export interface CashLine {
  at_ms: number;
  time_is_sure: boolean;
  record: RecordId;
  fact: FactId;
  kind:
    | "advance"
    | "collected"
    | "spent"
    | "change"
    | "reimbursed"
    | "paid_out"
    | "passed"
    | "taken"
    | "handed_in";
  /** Above zero it came to this person, below it went from them. */
  fen: number;
  with: RecordId | null;
  with_name: string;
  /** Whether it counts already; else it waits for the other side. */
  counts: boolean;
}

export interface PassedCash {
  record: RecordId;
  code: string;
}

export type TakenCash =
  | { cash: "taken"; record: RecordId; from: PersonId; fen: number }
  | { cash: "twice"; record: RecordId }
  | { cash: "own" }
  | { cash: "not_a_code" };

export interface HandedIn {
  record: RecordId;
  number: number;
}

/** Cash in hand, passed on and handed in. */
export interface Money {
  cash(): Promise<CashInHand>;
  cashBook(): Promise<CashBook>;
  passCash(to: PersonId, fen: number): Promise<PassedCash>;
  takeCash(code: string): Promise<TakenCash>;
  handIn(station: RecordId, fen: number): Promise<HandedIn>;
}
