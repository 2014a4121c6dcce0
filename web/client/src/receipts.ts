import type { Engine } from './engine.ts';

/** The server keeps what was not acknowledged, within bounds: so many frames, so long (ms) or so much text is enough. */
const most = { frames: 50, ms: 20e3, size: 16384 };

/** Counts the frames behind a `welcome`, and acknowledges them. */
export class Receipts {
  readonly #engine: Engine;
  readonly #send: (n: number) => void;
  #received = 0;
  #acknowledged = 0;
  #size = 0;
  #cancel: (() => void) | undefined;

  constructor(engine: Engine, send: (n: number) => void) {
    this.#engine = engine;
    this.#send = send;
  }

  /** How many came behind the last `welcome`. */
  get received(): number {
    return this.#received;
  }

  /** One more has come. */
  count(size: number): void {
    this.#received++;
    this.#size += size;
    if (this.#received - this.#acknowledged >= most.frames || this.#size >= most.size) this.#acknowledge();
    else this.#cancel ??= this.#engine.after(most.ms, () => this.#acknowledge());
  }

  /** There is no socket: nothing can be acknowledged, and the count stands. */
  pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** A new `welcome`: the count begins anew. */
  restart(): void {
    this.pause();
    this.#received = this.#acknowledged = this.#size = 0;
  }

  #acknowledge(): void {
    this.pause();
    this.#acknowledged = this.#received;
    this.#size = 0;
    this.#send(this.#received);
  }
}
