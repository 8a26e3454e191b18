import Flag from "@lucide/svelte/icons/flag";
import MapPin from "@lucide/svelte/icons/map-pin";
import PackageOpen from "@lucide/svelte/icons/package-open";
import Tent from "@lucide/svelte/icons/tent";
import Utensils from "@lucide/svelte/icons/utensils";
import GlassWater from "@lucide/svelte/icons/glass-water";
import BedDouble from "@lucide/svelte/icons/bed-double";
import BatteryCharging from "@lucide/svelte/icons/battery-charging";
import Scissors from "@lucide/svelte/icons/scissors";
import Wrench from "@lucide/svelte/icons/wrench";
import BriefcaseMedical from "@lucide/svelte/icons/briefcase-medical";
import Scale from "@lucide/svelte/icons/scale";
import Users from "@lucide/svelte/icons/users";
import LockKeyhole from "@lucide/svelte/icons/lock-keyhole";
import Shirt from "@lucide/svelte/icons/shirt";
import SquareParking from "@lucide/svelte/icons/square-parking";
import Coffee from "@lucide/svelte/icons/coffee";
import Warehouse from "@lucide/svelte/icons/warehouse";
import type { PlaceEntry } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";
import type { Icon } from "../../components/icon";

const PLACES: Readonly<Record<string, Icon>> = {
  station: Warehouse,
  drop_point: PackageOpen,
  rest_station: Coffee,
  transfer_ground: Tent,
  road_point: Flag,
};

const SERVICES: Readonly<Record<string, Icon>> = {
  meal: Utensils,
  hot_water: GlassWater,
  rest: BedDouble,
  charging: BatteryCharging,
  haircut: Scissors,
  repair: Wrench,
  first_aid: BriefcaseMedical,
  legal_advice: Scale,
  meeting_others: Users,
  lockers: LockKeyhole,
  winter_kit: Shirt,
  parking: SquareParking,
};

/** The icon of a place, by its kind. */
export function iconOf(place: PlaceEntry): Icon {
  return PLACES[entryOf("place_kind", place.kind)?.name ?? ""] ?? MapPin;
}

/** The icon of a rest station's service. */
export function iconOfService(code: number): Icon {
  return SERVICES[entryOf("rest_service", code)?.name ?? ""] ?? MapPin;
}
