// A fact's stamp: a hybrid logical clock that never goes back on one device.
const DAY_MS = 86_400_000;
const BUILT_MS = Date.UTC(2026, 10, 1);
const FARTHEST_AHEAD_MS = 600_000;
const COUNTY = 0;
const WALL = 2;
const WALL_HELD = 3;

export class Clock {
  #learned; // county time, and the monotonic clock when it was learned: good for this process alone

  constructor({ wall = Date.now, monotonic = () => performance.now() } = {}) {
    Object.assign(this, { wall, monotonic });
  }

  learn(countyTime) {
    this.#learned = { countyTime, at: this.monotonic() };
  }

  /** Wall clock less county time, in ms. */
  wallAhead() {
    return this.#learned && this.wall() - this.now().ms;
  }

  now(lastCountyTime) {
    if (this.#learned) {
      const { countyTime, at } = this.#learned;
      return { ms: countyTime + Math.round(this.monotonic() - at), source: COUNTY };
    }
    const wall = this.wall();
    const ms = Math.min(Math.max(wall, BUILT_MS), (lastCountyTime ?? wall) + 400 * DAY_MS);
    return { ms, source: ms === wall ? WALL : WALL_HELD };
  }

  /** The stamp after `last`, [ms, count]. */
  stamp([lastMs, lastCount], lastCountyTime) {
    const { ms, source } = this.now(lastCountyTime);
    return ms > lastMs ? [ms, 0, source] : [lastMs, lastCount + 1, source];
  }

  /** `last`, or a received stamp that is later and not too far ahead. */
  adopt(last, [ms, count]) {
    if (ms > this.now().ms + FARTHEST_AHEAD_MS) return last;
    return ms > last[0] || (ms === last[0] && count > last[1]) ? [ms, count] : last;
  }
}
