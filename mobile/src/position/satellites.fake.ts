/** Satellites for tests: they say what they are told, to those who ask and to those who follow. */
export interface Satellites {
  /** This phone is there from now on. */
  move(latitude: number, longitude: number): void;
  /** How many follow it. */
  followed(): number;
  /** There are none any more. */
  gone(): void;
}

type Found = (position: object) => void;

export function fakeSatellites(): Satellites {
  const followers = new Map<number, Found>();
  let at: object | undefined;
  let last = 0;
  const value = {
    getCurrentPosition: (found: Found, lost: () => void) => (at ? found(at) : lost()),
    watchPosition: (found: Found) => {
      followers.set(++last, found);
      if (at) found(at);
      return last;
    },
    clearWatch: (watch: number) => followers.delete(watch),
  };
  Object.defineProperty(navigator, "geolocation", { configurable: true, value });
  return {
    move(latitude, longitude) {
      const there = { coords: { latitude, longitude, accuracy: 9 } };
      at = there;
      for (const found of followers.values()) found(there);
    },
    followed: () => followers.size,
    gone: () => Reflect.deleteProperty(navigator, "geolocation"),
  };
}
