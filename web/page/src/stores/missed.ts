import type { MissedCall, Parley } from 'parley-client';
import { Store } from './store.ts';

/** The calls that the user has missed, newest first. */
export class Missed extends Store {
  list: readonly MissedCall[] = [];
  readonly #parley: Parley;

  constructor(parley: Parley) {
    super();
    this.#parley = parley;
    parley.on('callMissed', (call) => {
      this.list = [call, ...this.list.filter((c) => c.id !== call.id)];
      this.changed();
    });
    parley.on('state', ({ state }) => {
      if (state === 'open') void this.load();
    });
  }

  /** How many the user does not know of yet. */
  get unseen(): number {
    return this.list.filter((call) => !call.seen).length;
  }

  async load(): Promise<void> {
    try {
      const told = this.list;
      const { results } = await this.#parley.api.missedCalls();
      // Those that came while the list was on its way are newer than it.
      const since = this.list.filter((call) => !told.includes(call) && !results.some(({ id }) => id === call.id));
      this.list = [...since, ...results];
      this.changed();
    } catch {
      // Asked for again with the next connection.
    }
  }

  /** The user has looked at the list. */
  async see(): Promise<void> {
    const newest = Math.max(0, ...this.list.map((call) => call.id));
    if (this.unseen === 0) return;
    try {
      await this.#parley.api.seeMissedCalls(newest);
      this.list = this.list.map((call) => (call.id <= newest ? { ...call, seen: true } : call));
      this.changed();
    } catch {
      // They stay unseen, which is true.
    }
  }
}
