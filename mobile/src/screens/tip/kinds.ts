import Beef from "@lucide/svelte/icons/beef";
import Bridge from "@lucide/svelte/icons/bridge";
import Building from "@lucide/svelte/icons/building";
import Cable from "@lucide/svelte/icons/cable";
import Construction from "@lucide/svelte/icons/construction";
import DropletOff from "@lucide/svelte/icons/droplet-off";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Fence from "@lucide/svelte/icons/fence";
import Flame from "@lucide/svelte/icons/flame";
import Hospital from "@lucide/svelte/icons/hospital";
import LightbulbOff from "@lucide/svelte/icons/lightbulb-off";
import MountainSnow from "@lucide/svelte/icons/mountain-snow";
import Mountain from "@lucide/svelte/icons/mountain";
import PackageX from "@lucide/svelte/icons/package-x";
import PawPrint from "@lucide/svelte/icons/paw-print";
import Pickaxe from "@lucide/svelte/icons/pickaxe";
import Signpost from "@lucide/svelte/icons/signpost";
import Snowflake from "@lucide/svelte/icons/snowflake";
import Stethoscope from "@lucide/svelte/icons/stethoscope";
import ThermometerSnowflake from "@lucide/svelte/icons/thermometer-snowflake";
import Toilet from "@lucide/svelte/icons/toilet";
import Trash2 from "@lucide/svelte/icons/trash-2";
import Waves from "@lucide/svelte/icons/waves";
import WifiOff from "@lucide/svelte/icons/wifi-off";
import ZapOff from "@lucide/svelte/icons/zap-off";
import type { Icon } from "../../components/icon";

const ICONS: Readonly<Record<string, Icon>> = {
  road_washed_out: Construction,
  road_ice_or_snow: Snowflake,
  rockfall: Mountain,
  bridge: Bridge,
  fence_or_gate: Fence,
  fallen_line: Cable,
  power_out: ZapOff,
  no_water: DropletOff,
  broken_pump: Pickaxe,
  lamp_out: LightbulbOff,
  waste: Trash2,
  dangerous_building: Building,
  livestock_on_road: Beef,
  animal_disease_sign: Stethoscope,
  predator: PawPrint,
  wildfire: Flame,
  flood: Waves,
  ice_jam: MountainSnow,
  drop_point_broken: PackageX,
  no_signal: WifiOff,
  cold_store_down: ThermometerSnowflake,
  public_toilet: Toilet,
  sign_missing: Signpost,
  school_or_clinic_blocked: Hospital,
};

/** The icon of a kind of tip; one that is newer than this app has that of "other". */
export function iconOf(kind: string | undefined): Icon {
  return ICONS[kind ?? ""] ?? Ellipsis;
}
