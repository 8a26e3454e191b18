/** What a screen is opened with that needs nothing. */
type Nothing = Record<string, never>;

/** Every screen and what it is opened with. */
export interface Routes {
  enrol: Nothing;
  lock: Nothing;
  store_trouble: Nothing;
  lock_setting: Nothing;
  today: Nothing;
  done_today: Nothing;
  scan: Nothing;
  load_out: Nothing;
  return_to_station: Nothing;
  hand_over: Nothing;
  take_over: Nothing;
  stop: { stop: string };
  delivery: { record: string };
  pickup: { record: string };
  errand: { record: string };
  household: { record: string };
  household_data: { record: string };
  households: Nothing;
  search: Nothing;
  sync: Nothing;
  more: Nothing;
  whom_to_ask: Nothing;
  places: Nothing;
  place: { record: string };
  cash: Nothing;
  pass_cash: Nothing;
  take_cash: Nothing;
  hand_in: Nothing;
  settings: Nothing;
  about: Nothing;
  privacy: Nothing;
  this_device: Nothing;
  new: Nothing;
  new_delivery: Nothing;
  new_pickup: Nothing;
  new_errand: Nothing;
  new_tip: Nothing;
  new_appeal: Nothing;
  new_household: Nothing;
  camp_of: Nothing;
  new_camp: { household: string };
  new_consent: { household: string };
  tips_and_appeals: Nothing;
  tip: { record: string };
  appeal: { record: string };
  scan_in: Nothing;
  hand_out: Nothing;
  hand_out_to: { whose: string };
  count_cash: Nothing;
}

/** A screen's name. */
export type RouteName = keyof Routes;

/** A screen that is opened with nothing; tabs lead to such alone. */
export type PlainRoute = { [Name in RouteName]: Routes[Name] extends Nothing ? Name : never }[RouteName];

/** The arguments after a screen's name: none where it is opened with nothing. */
export type Opening<Name extends RouteName> = Routes[Name] extends Nothing ? [] : [params: Routes[Name]];
