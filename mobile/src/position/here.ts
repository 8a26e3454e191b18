import type { Fix } from "../backend/backend";

/** How long somebody may be kept waiting for satellites, where no less is asked for. */
const PATIENCE_MS = 5000;

/** So old an answer of the satellites is as good as a new one. */
const FRESH_MS = 60_000;

/** The worst accuracy that a fix can say, in metres. */
const WORST_M = 65_535;

/** What says where this phone is. Nothing is asked of a network. */
function satellites(): Geolocation | undefined {
  return typeof navigator !== "undefined" && "geolocation" in navigator ? navigator.geolocation : undefined;
}

function fixOf({ coords }: GeolocationPosition): Fix {
  return {
    position: { lat_e7: Math.round(coords.latitude * 1e7), lon_e7: Math.round(coords.longitude * 1e7) },
    accuracy_m: Math.min(WORST_M, Math.round(coords.accuracy)),
  };
}

/** Where this phone is; null where it may not or cannot say. */
export function here(patienceMs = PATIENCE_MS): Promise<Fix | null> {
  return new Promise((answer) => {
    const asked = satellites();
    if (!asked) {
      answer(null);
      return;
    }
    // A question for permission can stand open longer than that.
    setTimeout(() => {
      answer(null);
    }, patienceMs);
    asked.getCurrentPosition(
      (found) => {
        answer(fixOf(found));
      },
      () => {
        answer(null);
      },
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: FRESH_MS },
    );
  });
}

/**
 * Says where this phone is whenever it has moved, until it is told to stop by what it answers with. Satellites cost
 * battery: while the app is not seen nothing is asked of them.
 */
export function follow(moved: (fix: Fix) => void): () => void {
  const asked = satellites();
  let watch: number | undefined;

  function stop(): void {
    if (watch !== undefined) asked?.clearWatch(watch);
    watch = undefined;
  }

  function look(): void {
    if (document.visibilityState !== "visible") stop();
    else {
      watch ??= asked?.watchPosition(
        (found) => {
          moved(fixOf(found));
        },
        () => undefined,
        { enableHighAccuracy: true, maximumAge: FRESH_MS },
      );
    }
  }

  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    stop();
  };
}
