import type { Position } from "../backend/backend";

/** The mean radius of the Earth (IUGG), in metres; as the core counts. */
const EARTH_RADIUS_M = 6_371_008.8;

/** How far and in which direction something lies, as a bird flies. */
export interface Straight {
  readonly metres: number;
  /** Clockwise from north; none where both are the same point. */
  readonly degrees: number | null;
}

const radians = (e7: number) => (e7 / 1e7) * (Math.PI / 180);

/** The straight way between two positions. */
export function straight(from: Position, to: Position): Straight {
  const [lat, lon] = [radians(from.lat_e7), radians(from.lon_e7)];
  const [toLat, toLon] = [radians(to.lat_e7), radians(to.lon_e7)];
  const chord =
    Math.sin((toLat - lat) / 2) ** 2 + Math.cos(lat) * Math.cos(toLat) * Math.sin((toLon - lon) / 2) ** 2;
  const metres = 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, chord)));
  if (from.lat_e7 === to.lat_e7 && from.lon_e7 === to.lon_e7) return { metres, degrees: null };
  const east = Math.sin(toLon - lon) * Math.cos(toLat);
  const north = Math.cos(lat) * Math.sin(toLat) - Math.sin(lat) * Math.cos(toLat) * Math.cos(toLon - lon);
  return { metres, degrees: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360 };
}
