import type { Component } from "svelte";
import type { RouteName, Routes } from "../navigation/routes";

type Load<Name extends RouteName> = () => Promise<{ default: Component<Routes[Name]> }>;

/** Where each screen is. Each is loaded when it is first opened, or once the app has nothing else to do. */
export const SCREENS: { readonly [Name in RouteName]?: Load<Name> } = {
  today: () => import("./today/Today.svelte"),
  done_today: () => import("./today/DoneToday.svelte"),
  stop: () => import("./stop/Stop.svelte"),
  delivery: () => import("./delivery/Delivery.svelte"),
  scan: () => import("./scan/Scan.svelte"),
  load_out: () => import("./load-out/LoadOut.svelte"),
  return_to_station: () => import("./return/Return.svelte"),
  hand_over: () => import("./handover/HandOver.svelte"),
  take_over: () => import("./handover/TakeOver.svelte"),
  search: () => import("./search/Search.svelte"),
  about: () => import("./about/About.svelte"),
  enrol: () => import("./enrol/Enrol.svelte"),
  lock: () => import("./lock/Lock.svelte"),
  lock_setting: () => import("./lock/LockSetting.svelte"),
  privacy: () => import("./privacy/Privacy.svelte"),
  settings: () => import("./settings/Settings.svelte"),
  store_trouble: () => import("./trouble/StoreTrouble.svelte"),
  sync: () => import("./sync/Sync.svelte"),
  this_device: () => import("./settings/ThisDevice.svelte"),
  scan_in: () => import("./clerk/ScanIn.svelte"),
  hand_out: () => import("./clerk/HandOut.svelte"),
  hand_out_to: () => import("./clerk/HandOutScreen.svelte"),
  count_cash: () => import("./clerk/CountCash.svelte"),
  more: () => import("./more/More.svelte"),
  whom_to_ask: () => import("./whom-to-ask/WhomToAsk.svelte"),
  pickup: () => import("./pickup/Pickup.svelte"),
  errand: () => import("./errand/Errand.svelte"),
  household: () => import("./household/Household.svelte"),
  household_data: () => import("./household/HouseholdData.svelte"),
  households: () => import("./household/Households.svelte"),
  new_consent: () => import("./consent/NewConsent.svelte"),
  new_camp: () => import("./camp/NewCamp.svelte"),
  new: () => import("./new/New.svelte"),
  new_delivery: () => import("./new/NewParcel.svelte"),
  new_pickup: () => import("./new/NewPickup.svelte"),
  new_errand: () => import("./new/NewErrand.svelte"),
  new_household: () => import("./new/NewHousehold.svelte"),
  camp_of: () => import("./camp/CampOf.svelte"),
  new_tip: () => import("./tip/NewTip.svelte"),
  tip: () => import("./tip/Tip.svelte"),
  tips_and_appeals: () => import("./tip/TipsAndAppeals.svelte"),
  new_appeal: () => import("./appeal/NewAppeal.svelte"),
  appeal: () => import("./appeal/Appeal.svelte"),
  places: () => import("./places/Places.svelte"),
  place: () => import("./places/Place.svelte"),
  cash: () => import("./cash/Cash.svelte"),
  pass_cash: () => import("./cash/PassCash.svelte"),
  take_cash: () => import("./cash/TakeCash.svelte"),
  hand_in: () => import("./cash/HandIn.svelte"),
};

const loaded = new Map<RouteName, Component<object>>();

/** A screen that is loaded already, so that it is there in the same frame. */
export function screenNow(name: RouteName): Component<object> | undefined {
  return loaded.get(name);
}

/** Loads a screen. */
export async function loadScreen(name: RouteName): Promise<Component<object>> {
  const load = SCREENS[name] as Load<RouteName> | undefined;
  if (!load) throw new Error(`there is no screen ${name}`);
  const screen = (await load()).default as Component<object>;
  loaded.set(name, screen);
  return screen;
}

/** Loads what is not there yet, one after the other, while nobody waits for anything. */
export async function loadTheRest(): Promise<void> {
  for (const name of Object.keys(SCREENS) as RouteName[]) {
    if (!loaded.has(name)) await loadScreen(name);
  }
}
