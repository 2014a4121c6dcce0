/** The first pause's bound, and the longest pause, in milliseconds. */
const base = 500;
const cap = 30e3;

/** Pauses between attempts: exponential, with full jitter, so that those who were lost together do not come back together. */
export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  /** `random`: from 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How many pauses there were since the last success. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The next pause, in milliseconds. */
  next(): number {
    return this.#random() * Math.min(cap, base * 2 ** this.#attempts++);
  }

  /** It went well: the next pause is of the shortest. */
  reset(): void {
    this.#attempts = 0;
  }
}
