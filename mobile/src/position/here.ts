import type { Fix } from "../backend/backend";

/** How long somebody may be kept waiting for satellites, where no less is asked for. */
const PATIENCE_MS = 5000;

/** The worst accuracy that a fix can say, in metres. */
const WORST_M = 65_535;

/** Where this phone is; null where it may not or cannot say. Nothing is asked of a network. */
export function here(patienceMs = PATIENCE_MS): Promise<Fix | null> {
  return new Promise((answer) => {
    if (typeof navigator === "undefined" || !("geolocation" in navigator)) {
      answer(null);
      return;
    }
    // A question for permission can stand open longer than that.
    setTimeout(() => {
      answer(null);
    }, patienceMs);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        answer({
          position: { lat_e7: Math.round(coords.latitude * 1e7), lon_e7: Math.round(coords.longitude * 1e7) },
          accuracy_m: Math.min(WORST_M, Math.round(coords.accuracy)),
        });
      },
      () => {
        answer(null);
      },
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: 60_000 },
    );
  });
}
