import type { Engine } from './engine.ts';

/** How long an answer to a ping may take, in milliseconds. */
const patience = 5e3;

/** Whether the server is there: pings where it was silent, and tells if no answer comes. Any frame counts as life. */
export class Pulse {
  readonly #engine: Engine;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #every = 0; // ms
  #heard = 0; // by the engine's clock
  #cancelNext: (() => void) | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(engine: Engine, { ping, dead }: { ping: () => void; dead: () => void }) {
    this.#engine = engine;
    this.#ping = ping;
    this.#dead = dead;
  }

  /** A socket is open: silence of `ms` milliseconds is looked into. */
  start(ms: number): void {
    this.stop();
    this.#every = ms;
    this.heard();
    this.#next();
  }

  stop(): void {
    this.#cancelNext?.();
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  heard(): void {
    this.#heard = this.#engine.now();
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  /** Asks now. */
  probe(): void {
    if (this.#cancelWait) return;
    this.#ping();
    this.#cancelWait = this.#engine.after(patience, this.#dead);
  }

  #next(): void {
    const silence = this.#engine.now() - this.#heard;
    if (silence >= this.#every) this.probe();
    this.#cancelNext = this.#engine.after(silence >= this.#every ? this.#every : this.#every - silence, () =>
      this.#next(),
    );
  }
}
