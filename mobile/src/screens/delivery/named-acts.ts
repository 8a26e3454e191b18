import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import Ban from "@lucide/svelte/icons/ban";
import Clock from "@lucide/svelte/icons/clock-alert";
import CircleX from "@lucide/svelte/icons/circle-x";
import HandCoins from "@lucide/svelte/icons/hand-coins";
import HandHelping from "@lucide/svelte/icons/hand-helping";
import PackageCheck from "@lucide/svelte/icons/package-check";
import PackageOpen from "@lucide/svelte/icons/package-open";
import PackageX from "@lucide/svelte/icons/package-x";
import Thermometer from "@lucide/svelte/icons/thermometer";
import Truck from "@lucide/svelte/icons/truck";
import Undo2 from "@lucide/svelte/icons/undo-2";
import UserPlus from "@lucide/svelte/icons/user-plus";
import type { Icon } from "../../components/icon";
import { codeText } from "../../texts/codes";
import type { Act } from "./acts";

const ICONS: Readonly<Record<Act, Icon>> = {
  deliver: HandHelping,
  load_out: PackageOpen,
  scan_in: PackageCheck,
  take_over: UserPlus,
  take_over_from: UserPlus,
  collected: PackageCheck,
  uncollected: Clock,
  fail: CircleX,
  refuse: Ban,
  hand_over: ArrowLeftRight,
  return: Undo2,
  return_to_sender: Truck,
  damaged: PackageX,
  temperature: Thermometer,
  cash: HandCoins,
};

/** The icon of an act. */
export function iconOf(act: Act): Icon {
  return ICONS[act];
}

/** An act in words. */
export function actText(act: Act): string {
  return codeText("act", act);
}
