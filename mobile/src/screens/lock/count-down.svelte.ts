/** How often the time that is left is told anew. */
const TICK_MS = 250;

/** The time that somebody still has to wait. */
export class CountDown {
  #leftMs = $state(0);
  #tick: ReturnType<typeof setTimeout> | undefined;

  get leftMs(): number {
    return this.#leftMs;
  }

  /** From now on so long. */
  start(ms: number): void {
    this.stop();
    const until = performance.now() + ms;
    const tick = () => {
      this.#leftMs = Math.max(0, until - performance.now());
      if (this.#leftMs > 0) this.#tick = setTimeout(tick, Math.min(TICK_MS, this.#leftMs));
    };
    tick();
  }

  /** Nobody waits any more. */
  stop(): void {
    clearTimeout(this.#tick);
  }
}
