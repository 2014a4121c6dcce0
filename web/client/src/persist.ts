import { Backoff } from './backoff.ts';
import type { Engine } from './engine.ts';
import { closedError, ParleyError } from './errors.ts';

/** How something is tried. */
export interface Persistence {
  engine: Engine;
  /** When it is not wanted any more. */
  signal: AbortSignal;
  /** How often at most; by default without end. */
  attempts?: number;
  /** Which failures may pass; by default those that are temporary. */
  passes?: (e: ParleyError) => boolean;
}

/** Tries again, with pauses, what fails for a time. Rejects with `closed` once it is not wanted any more. */
export async function persist<T>(what: () => Promise<T>, how: Persistence): Promise<T> {
  const { engine, signal, attempts = Number.POSITIVE_INFINITY, passes = (e) => e.temporary } = how;
  const backoff = new Backoff(engine.random);
  for (;;) {
    if (signal.aborted) throw closedError();
    try {
      return await what();
    } catch (e) {
      if (!(e instanceof ParleyError && passes(e)) || backoff.attempts + 1 >= attempts) throw e;
      const pause = backoff.next();
      await sleep(e.retryAfterMs ?? pause, engine, signal);
    }
  }
}

/** Resolves after `ms` milliseconds, or once it is not wanted any more. */
export function sleep(ms: number, engine: Engine, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    const cancel = engine.after(ms, () => {
      signal.removeEventListener('abort', woken);
      done();
    });
    const woken = () => {
      cancel();
      done();
    };
    signal.addEventListener('abort', woken, { once: true });
  });
}
