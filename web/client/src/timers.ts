import type { Engine } from './engine.ts';

/** Timers that end together with what they belong to. */
export class Timers {
  readonly #engine: Engine;
  readonly #running = new Set<() => void>();
  #ended = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Runs something once, in `ms` milliseconds, unless all has ended. Returns a function that prevents it. */
  after(ms: number, run: () => void): () => void {
    if (this.#ended) return () => {};
    const stop = this.#engine.after(ms, () => {
      this.#running.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#running.delete(cancel);
      stop();
    };
    this.#running.add(cancel);
    return cancel;
  }

  /** None runs any more. */
  end(): void {
    this.#ended = true;
    for (const cancel of [...this.#running]) cancel();
  }
}
