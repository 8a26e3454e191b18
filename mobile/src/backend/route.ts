import type { ConsentEntry } from "./people";
import type { Item, Names, Position, RecordId, RecordKind, RouteItem } from "./records";

/** The day's route. */
export interface Route {
  now_ms: number;
  time_is_sure: boolean;
  /** Days since 1970 of the Beijing day in whose 04:00 it began. */
  day: number;
  stops: Stop[];
  /** What this person ended today. */
  done_today: number;
}

/** A place or household to go to, with all that is to do there. */
export interface Stop {
  key: string;
  place: RecordId | null;
  household: RecordId | null;
  items: RouteItem[];
  cash_fen: number;
  household_name: string;
  place_names: Names;
  position: Position | null;
  landmark: string;
  /** The household's language as a tag. */
  language: string | null;
  to_hand_over: number;
  to_collect: number;
  errands: number;
  follow_ups: number;
  overdue: number;
  cold_chain: boolean;
  urgent: boolean;
  /** When the oldest thing that must stay cold was loaded. */
  cold_since_ms: number | null;
  comes_first: boolean;
}

/** How many stops there are and how many plans were written. */
export interface Moved {
  stops: number;
  moved: number;
}

/** Somebody to ring, by their record: the number stays below. */
export interface Callable {
  record: RecordId;
  kind: RecordKind;
  name: string;
  names: Names;
  is_callable: boolean;
}

export interface StopPage {
  stop: Stop;
  contacts: Callable[];
  phones_known: boolean;
  language: string | null;
  way: Way | null;
  consents: ConsentEntry[];
}

export interface Way {
  to: RecordId;
  position: Position;
  /** What the distance is measured from. */
  from: "here" | "station" | null;
  metres: number | null;
  /** Clockwise from north. */
  bearing_deg: number | null;
  landmark: string;
  directions: string;
  not_direct: NotDirect[];
  map_links: MapLinks;
}

/** A place from which one cannot ride here straight. */
export interface NotDirect {
  place: RecordId;
  names: Names;
  reason: string;
}

/** What other map apps open; converted to the positions that each counts in. */
export interface MapLinks {
  geo: string;
  amap: string;
  baidu: string;
}

/** The day's stops, the way there, and whom to ring. */
export interface Routing {
  today(): Promise<Route>;
  orderStops(from: Position | null): Promise<Moved>;
  moveStop(stop: string, to: "first" | "up" | "down"): Promise<Moved>;
  /** None where nothing is left to do there. */
  stop(stop: string, from: Position | null): Promise<StopPage | null>;
  /** None where no position is known. */
  wayTo(record: RecordId, from: Position | null): Promise<Way | null>;
  /** Opens the phone's dialler; false where no number is known. */
  call(record: RecordId): Promise<boolean>;
  /** Opens a text message that is ready to be sent; false where no number is known. */
  message(record: RecordId, text: string): Promise<boolean>;
  /** Opens another map app. */
  openMap(link: string): Promise<void>;
  search(typed: string, limit: number): Promise<Item[]>;
}
