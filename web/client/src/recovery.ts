import { Backoff } from './backoff.ts';
import type { Engine } from './engine.ts';
import type { Timers } from './timers.ts';

/** How long a connection may be disconnected before its ICE is restarted, in milliseconds: most come back by themselves. */
const disconnectedMs = 3000;

/** How long a restart may take before the next, in milliseconds, on top of the backoff. */
const restartMs = 10e3;

/** Restarts a connection's ICE when it must, with backoff (RFC 8445, section 9). */
export class Recovery {
  readonly #timers: Timers;
  readonly #backoff: Backoff;
  readonly #restart: () => void;
  #tried = false; // since it was connected last
  #cancel: (() => void) | undefined;

  constructor({ timers, engine, restart }: { timers: Timers; engine: Engine; restart: () => void }) {
    this.#timers = timers;
    this.#backoff = new Backoff(engine.random);
    this.#restart = restart;
  }

  /** The connection's state has changed. */
  changed(state: RTCPeerConnectionState): void {
    this.#cancel?.();
    if (state === 'connected') {
      this.#tried = false;
      this.#backoff.reset();
    }
    if (state === 'disconnected') this.#later(disconnectedMs);
    if (state === 'failed') this.#later(this.#tried ? this.#backoff.next() : 0);
  }

  #later(ms: number): void {
    this.#cancel = this.#timers.after(ms, () => {
      this.#tried = true;
      this.#later(restartMs + this.#backoff.next()); // unless the state changes
      this.#restart();
    });
  }
}
