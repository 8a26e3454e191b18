import type { FactDraft, Fix, RecordPage } from "./page";
import type { FactId, Item, PersonId, RecordId } from "./records";

export interface Delivering {
  records: RecordId[];
  to: DeliverTo;
  proof: DeliveryProof;
  cash: { record: RecordId; fen: number }[];
  note: string | null;
  fix: Fix | null;
}

export type DeliverTo =
  | { to: "addressee" }
  | { to: "proxy"; consent: RecordId; name: string }
  | { to: "drop_point"; place: RecordId; consent: RecordId };

export type DeliveryProof =
  | { proof: "receiver"; name: string | null }
  | { proof: "pickup_code"; typed: string }
  | { proof: "signature"; strokes: number[] }
  | { proof: "none" };

export type DeliverOutcome =
  | { outcome: "done"; facts: FactId[] }
  | { outcome: "consent_missing"; records: RecordId[] }
  | { outcome: "wrong_code"; tries: number }
  | { outcome: "no_code" }
  | { outcome: "ended"; records: RecordId[] }
  | { outcome: "nothing_to_deliver" };

export type CodeCheck = { check: "right" } | { check: "no_code" } | { check: "wrong"; tries: number };

export interface Failing {
  records: RecordId[];
  reason: number;
  note: string | null;
  place: RecordId | null;
  calls: number;
  fix: Fix | null;
}

export type ScanFor =
  | { for: "loading_out"; place: RecordId | null }
  | { for: "scanning_in"; place: RecordId }
  | { for: "looking" };

export type ScanOutcome =
  | { scan: "known"; record: RecordId }
  | { scan: "new"; record: RecordId }
  | { scan: "twice"; record: RecordId }
  | { scan: "not_mine"; record: RecordId; assignee: PersonId }
  | { scan: "ended"; record: RecordId }
  | { scan: "not_a_waybill"; code: string };

export interface NewPickup {
  household: RecordId | null;
  goods: number | null;
  cold_min_tenths: number | null;
  cold_max_tenths: number | null;
  destination: string | null;
  price_fen: number | null;
  place: RecordId | null;
  due_from_ms: number | null;
  due_until_ms: number | null;
  notes: string | null;
}

export interface NewErrand {
  asked_by: RecordId;
  /** None where the person asked themselves. */
  consent: RecordId | null;
  shopping: ShoppingItem[];
  place: RecordId | null;
  due_from_ms: number | null;
  due_until_ms: number | null;
  notes: string | null;
}

export interface ShoppingItem {
  text: string;
  quantity: string | null;
  or_else: string[];
}

export type ErrandOutcome = { errand: "saved"; record: RecordId } | { errand: "consent_missing" };

/** What is done with records. */
export interface Acts {
  show(record: RecordId): Promise<RecordPage>;
  record(drafts: FactDraft[]): Promise<FactId[]>;
  undo(facts: FactId[]): Promise<FactId[]>;
  correct(fact: FactId, note: string | null): Promise<FactId>;
  editNotes(record: RecordId, text: string): Promise<void>;
  scan(waybill: string, purpose: ScanFor): Promise<ScanOutcome>;
  deliver(delivering: Delivering): Promise<DeliverOutcome>;
  fail(failing: Failing): Promise<FactId[]>;
  checkPickupCode(record: RecordId, typed: string): Promise<CodeCheck>;
  handOver(parcels: RecordId[], to: PersonId): Promise<FactId[]>;
  takeOver(parcels: RecordId[], from: PersonId): Promise<FactId[]>;
  returnToStation(records: RecordId[], place: RecordId, reason: number | null): Promise<FactId[]>;
  newPickup(pickup: NewPickup): Promise<RecordId>;
  newErrand(errand: NewErrand): Promise<ErrandOutcome>;
  carriers(): Promise<Item[]>;
}
