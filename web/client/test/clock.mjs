// A clock that the test moves, and numbers that are random and the same each time.

/** Runs what is to be run, one thing after the other, with all promises between them settled. */
export class Clock {
  now = 0;
  #queue = [];

  after(ms, run) {
    const entry = { at: this.now + ms, run };
    const place = this.#queue.findIndex(({ at }) => at > entry.at);
    this.#queue.splice(place < 0 ? this.#queue.length : place, 0, entry);
    return () => {
      this.#queue = this.#queue.filter((e) => e !== entry);
    };
  }

  get running() {
    return this.#queue.length;
  }

  /** Moves on until `ready`, or fails when that takes more than `ms`. */
  async until(ready, what, ms = 120e3) {
    const deadline = this.now + ms;
    for (;;) {
      await settled();
      if (ready()) return;
      const next = this.#queue.shift();
      if (!next || next.at > deadline) throw new Error(`never: ${typeof what === 'function' ? what() : what}`);
      this.now = next.at;
      next.run();
    }
  }

  /** Moves on by `ms`. */
  async pass(ms) {
    let over = false;
    this.after(ms, () => {
      over = true;
    });
    await this.until(() => over, 'the time', ms + 1);
  }
}

const settled = () => new Promise((done) => setImmediate(done));

/** Numbers from 0 to below 1 (mulberry32). */
export function seeded(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
