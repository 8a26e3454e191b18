import HandCoins from "@lucide/svelte/icons/hand-coins";
import House from "@lucide/svelte/icons/house";
import Menu from "@lucide/svelte/icons/menu";
import PackageOpen from "@lucide/svelte/icons/package-open";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import ScanBarcode from "@lucide/svelte/icons/scan-barcode";
import Search from "@lucide/svelte/icons/search";
import type { Icon } from "../components/icon";
import type { PlainRoute } from "../navigation/routes";
import type { Texts } from "../texts/texts.svelte";

/** A tab: a screen that one can always go to. */
export interface Tab {
  readonly name: PlainRoute;
  readonly icon: Icon;
  readonly label: (t: Texts) => string;
}

const search: Tab = { name: "search", icon: Search, label: (t) => t.tab_search() };
const sync: Tab = { name: "sync", icon: RefreshCw, label: (t) => t.tab_sync() };
const more: Tab = { name: "more", icon: Menu, label: (t) => t.tab_more() };

const COURIER: readonly Tab[] = [
  { name: "today", icon: House, label: (t) => t.tab_today() },
  { name: "scan", icon: ScanBarcode, label: (t) => t.tab_scan() },
  search,
  sync,
  more,
];

const CLERK: readonly Tab[] = [
  { name: "scan_in", icon: ScanBarcode, label: (t) => t.tab_scan_in() },
  { name: "hand_out", icon: PackageOpen, label: (t) => t.tab_hand_out() },
  { name: "count_cash", icon: HandCoins, label: (t) => t.tab_count() },
  search,
  sync,
  more,
];

/** The tabs of a role; the first is where the day begins. */
export function tabsOf(role: string): readonly [Tab, ...Tab[]] {
  return (role === "clerk" ? CLERK : COURIER) as readonly [Tab, ...Tab[]];
}
