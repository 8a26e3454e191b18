/** What the core says of records, in the shape in which it crosses the seam. */

export type RecordId = string;
export type PersonId = string;
export type FactId = string;

export type RecordKind =
  | "delivery"
  | "pickup"
  | "errand"
  | "tip"
  | "case"
  | "appeal"
  | "household"
  | "consent"
  | "camp"
  | "place"
  | "colleague"
  | "carrier"
  | "cash_pass"
  | "hand_in"
  | "count"
  | "common_issue";

export type Whereabouts = "this_phone" | "county";

/** Names by language; a person's own name stands under the empty one. */
export type Names = Record<string, string>;

export interface Position {
  lat_e7: number;
  lon_e7: number;
}

export interface Item {
  record: RecordId;
  kind: RecordKind;
  status: string;
  title: string;
  address: string;
  household_name: string;
  household: RecordId | null;
  place_names: Names;
  place: RecordId | null;
  waybill: string | null;
  due_from_ms: number | null;
  due_until_ms: number | null;
  cash_fen: number;
  flags: number;
  discrepancies: number;
  whereabouts: Whereabouts;
}

export type Why = "mine" | "overdue_at_drop_point" | "follow_up";

export interface RouteItem extends Item {
  why: Why;
}

export interface Contact {
  record: RecordId;
  names: Names;
  phone: string | null;
}

export interface WhomToAsk {
  station: Contact | null;
  mentor: Contact | null;
  liaisons: Contact[];
}
