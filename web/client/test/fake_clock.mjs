// Time that passes when a test says so.
export class Clock {
  #now = 0;
  #timers = new Set();

  /** What the library takes from its engine. */
  get engine() {
    return {
      now: () => this.#now,
      after: (ms, run) => {
        const timer = { at: this.#now + ms, run };
        this.#timers.add(timer);
        return () => void this.#timers.delete(timer);
      },
    };
  }

  /** How many timers there are. */
  get timers() {
    return this.#timers.size;
  }

  /** Lets time pass, and what is due happen in its order. */
  async pass(ms) {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.at;
      this.#timers.delete(next);
      next.run();
      await settled();
    }
    this.#now = end;
  }

  #next(end) {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** When all that is ready to run has run. */
export const settled = () => new Promise((done) => setImmediate(done));
