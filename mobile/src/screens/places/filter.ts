import type { PlaceEntry } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";

/** What places can be narrowed down to. */
export const KINDS = ["all", "drop_point", "rest_station", "station", "transfer_ground"] as const;

/** Such a narrowing. */
export type Kind = (typeof KINDS)[number];

/** The places of a kind. Points of a road serve tips alone and are no place to go to. */
export function ofKind(places: readonly PlaceEntry[], kind: Kind): PlaceEntry[] {
  return places.filter((place) => {
    const name = entryOf("place_kind", place.kind)?.name;
    return kind === "all" ? name !== "road_point" : name === kind;
  });
}

/** The places whose name in any language holds what was typed. */
export function named(places: readonly PlaceEntry[], typed: string): PlaceEntry[] {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [...places];
  return places.filter((place) =>
    Object.values(place.names).some((name) => name.toLowerCase().includes(wanted)),
  );
}
