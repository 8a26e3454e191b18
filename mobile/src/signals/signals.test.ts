import { expect, test } from "vitest";
import { SIGNALS } from "./signals";

test("no two signals shake or sound in the same rhythm", () => {
  const all = Object.values(SIGNALS);
  const shakes = all.map(({ vibration }) => vibration.join());
  const rhythms = all.map(({ notes }) => notes.map(({ hertz, seconds }) => `${hertz > 0} ${seconds}`).join());

  expect(new Set(shakes).size).toBe(all.length);
  expect(new Set(rhythms).size).toBe(all.length);
});

test("every signal is over before the next parcel is in the hand", () => {
  for (const { notes, vibration } of Object.values(SIGNALS)) {
    expect(notes.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan(0.7);
    expect(vibration.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(700);
  }
});
