/** What a scan came to, for ears and hands. */
export type Signal = "good" | "twice" | "unknown" | "not_mine" | "ended" | "not_a_waybill";

interface Note {
  /** No tone where it is 0. */
  readonly hertz: number;
  readonly seconds: number;
}

interface Pattern {
  readonly wave: OscillatorType;
  readonly notes: readonly Note[];
  /** Milliseconds of shaking and rest in turn. */
  readonly vibration: readonly number[];
}

const rest: Note = { hertz: 0, seconds: 0.07 };

/**
 * Told apart by rhythm first, so that wind, an engine or weak hearing for high tones hide none: one rising pair, one
 * note twice, three that waver, one long and low, a long one and a short one that fall, four short ones.
 */
export const SIGNALS: Readonly<Record<Signal, Pattern>> = {
  good: {
    wave: "sine",
    notes: [
      { hertz: 880, seconds: 0.09 },
      { hertz: 1320, seconds: 0.14 },
    ],
    vibration: [60],
  },
  twice: {
    wave: "triangle",
    notes: [{ hertz: 587, seconds: 0.12 }, rest, { hertz: 587, seconds: 0.12 }],
    vibration: [80, 80, 80],
  },
  unknown: {
    wave: "triangle",
    notes: [
      { hertz: 659, seconds: 0.1 },
      rest,
      { hertz: 784, seconds: 0.1 },
      rest,
      { hertz: 659, seconds: 0.1 },
    ],
    vibration: [40, 60, 40, 60, 40],
  },
  not_mine: {
    wave: "sawtooth",
    notes: [{ hertz: 165, seconds: 0.6 }],
    vibration: [450],
  },
  ended: {
    wave: "sawtooth",
    notes: [{ hertz: 220, seconds: 0.3 }, rest, { hertz: 147, seconds: 0.12 }],
    vibration: [250, 80, 100],
  },
  not_a_waybill: {
    wave: "square",
    notes: [
      { hertz: 262, seconds: 0.06 },
      rest,
      { hertz: 262, seconds: 0.06 },
      rest,
      { hertz: 262, seconds: 0.06 },
      rest,
      { hertz: 262, seconds: 0.06 },
    ],
    vibration: [30, 50, 30, 50, 30, 50, 30],
  },
};
