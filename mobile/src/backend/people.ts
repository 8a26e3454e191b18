import type { Fix, Phone } from "./page";
import type { FactId, Item, Names, PersonId, Position, RecordId, RecordKind, WhomToAsk } from "./records";

export interface HouseholdPage {
  record: RecordId;
  name: string;
  is_whole: boolean;
  status: string;
  language: string | null;
  drop_point: RecordId | null;
  drop_point_names: Names;
  phones: Phone[];
  phones_known: boolean;
  camps: CampEntry[];
  consents: ConsentEntry[];
  items: Item[];
}

export interface CampEntry {
  record: RecordId;
  household: RecordId | null;
  household_name: string;
  status: string;
  season: number | null;
  valid_from_ms: number | null;
  valid_until_ms: number | null;
  position: Position | null;
  landmark: string;
  directions: string;
}

export interface ConsentEntry {
  record: RecordId;
  scope: number | null;
  proxy: string | null;
  drop_point: RecordId | null;
  drop_point_names: Names;
  until_ms: number | null;
  status: string;
  stands: boolean;
}

export interface AboutHousehold {
  household: RecordId;
  name: string;
  held: HeldAbout[];
}

export interface HeldAbout {
  record: RecordId;
  kind: RecordKind;
  status: string;
  fields: string[];
  side: string[];
  facts: number;
}

export interface NewHousehold {
  name: string;
  language: string | null;
  drop_point: RecordId | null;
  phone: string | null;
}

export interface NewCamp {
  household: RecordId;
  season: number;
  valid_from_ms: number | null;
  valid_until_ms: number | null;
  position: Position | null;
  landmark: string | null;
  directions: string | null;
}

export type Scope =
  { to: "proxy"; name: string } | { to: "drop_point"; place: RecordId } | { to: "errand_help" };

export type NewConsent = Scope & { household: RecordId; until_ms: number | null; how: number };

export interface NewTip {
  kind: number;
  text: string | null;
  place: RecordId | null;
  township: number | null;
  fix: Fix | null;
  photos: number[][];
}

export type TipOutcome =
  | { tip: "saved"; record: RecordId; numbered: boolean }
  | { tip: "text_refused"; code: string }
  | { tip: "too_near_to_a_camp"; places: RecordId[] }
  | { tip: "not_offered" };

export type AppealOutcome =
  | { appeal: "saved"; record: RecordId; numbered: boolean }
  | { appeal: "too_long" }
  | { appeal: "no_liaison_key" };

export interface PlaceEntry {
  record: RecordId;
  kind: number | null;
  host: number | null;
  names: Names;
  position: Position | null;
  hours: string;
  services: number[];
  keeping_days: number | null;
  keeper: string;
  is_callable: boolean;
  metres: number | null;
  bearing_deg: number | null;
  is_open: boolean;
}

export interface ColleagueEntry {
  person: PersonId;
  name: string;
  role: number | null;
  station: RecordId | null;
  is_callable: boolean;
  is_me: boolean;
}

/** Households and what they agreed to, public problems, one's own matters, and where things are. */
export interface People {
  household(record: RecordId): Promise<HouseholdPage>;
  households(): Promise<Item[]>;
  myDataAbout(household: RecordId): Promise<AboutHousehold>;
  registerHousehold(household: NewHousehold): Promise<RecordId>;
  phoneGiven(household: RecordId, phone: string): Promise<FactId>;
  phoneNoLongerRight(household: RecordId, given: FactId): Promise<FactId>;
  askedToBeForgotten(household: RecordId): Promise<FactId>;
  noteCamp(camp: NewCamp): Promise<RecordId>;
  giveConsent(consent: NewConsent): Promise<RecordId>;
  withdrawConsent(consent: RecordId): Promise<FactId>;
  report(tip: NewTip): Promise<TipOutcome>;
  tips(): Promise<Item[]>;
  reopenTip(record: RecordId, text: string | null): Promise<TipOutcome>;
  raiseAppeal(kind: number, words: string): Promise<AppealOutcome>;
  appeals(): Promise<Item[]>;
  places(from: Position | null): Promise<PlaceEntry[]>;
  colleagues(): Promise<ColleagueEntry[]>;
  whomToAsk(): Promise<WhomToAsk>;
  camps(): Promise<CampEntry[]>;
  errands(): Promise<Item[]>;
}
