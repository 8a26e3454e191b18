// The shortest way through some points, found by trying all of them: slow, and certain.

/** Mean radius of the Earth. */
const RADIUS = 6_371_008.8;

const radians = (e7) => (e7 * Math.PI) / 1.8e9;

/** As the crow flies between two positions in 1e-7 degrees. */
export function metres(a, b) {
  const [lat, lon, otherLat, otherLon] = [a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7].map(radians);
  const [north, east] = [Math.sin((otherLat - lat) / 2) ** 2, Math.sin((otherLon - lon) / 2) ** 2];
  const half = north + Math.cos(lat) * Math.cos(otherLat) * east;
  return 2 * RADIUS * Math.asin(Math.sqrt(half));
}

/** How long the shortest way is that begins here and passes all of the first, and then all of the others. */
export function shortest(from, first, then = []) {
  if (first.length === 0) return then.length === 0 ? 0 : shortest(from, then);
  const after = (at) => [...first.slice(0, at), ...first.slice(at + 1)];
  return Math.min(...first.map((next, at) => metres(from, next) + shortest(next, after(at), then)));
}
