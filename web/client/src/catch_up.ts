import type { Engine } from './engine.ts';
import { changedAt, type InOrder } from './in_order.ts';
import { persist } from './persist.ts';
import type { Api } from './rest.ts';
import type { Message } from './wire.ts';

/** How much earlier than the newest known change others are looked for, in milliseconds: those that were under way. */
const margin = 10e3;

/** What a room's catching up needs. */
export interface CatchUpDeps {
  roomId: number;
  api: Api;
  engine: Engine;
  order: InOrder;
}

/** Gets by REST what a room's sockets did not bring. */
export class CatchUp {
  readonly #deps: CatchUpDeps;
  #filling: AbortSignal | undefined; // what ends it
  #from: { latest: string | undefined; last: number } | undefined; // what was known as the last session ended

  constructor(deps: CatchUpDeps) {
    this.#deps = deps;
  }

  /** The room was opened: nothing was missed. */
  reset(): void {
    this.#from = undefined;
  }

  /** A session has ended: from here on changes may be missed. */
  mark(): void {
    const { latest, last } = this.#deps.order;
    this.#from ??= { latest, last };
  }

  /** Gets the messages that are missing. */
  async fill(signal: AbortSignal): Promise<void> {
    const { roomId, api, engine, order } = this.#deps;
    if (this.#filling === signal) return;
    this.#filling = signal;
    try {
      for (let found = 1; order.gap && found > 0 && !signal.aborted; ) {
        const get = () => api.messages(roomId, { after_seq: order.last, limit: 100 });
        const { results } = await persist(get, { engine, signal });
        found = results.length;
        for (const message of results) order.take(message);
      }
    } finally {
      if (this.#filling === signal) this.#filling = undefined;
    }
  }

  /** Gets the edits and deletions that may have been missed. */
  async changes(signal: AbortSignal): Promise<void> {
    const { roomId, api, engine, order } = this.#deps;
    const from = this.#from;
    let since = from && (await this.#since(from, signal));
    for (let page = 1; since && !signal.aborted; ) {
      const query = { changed_since: since, page };
      const { results, next } = await persist(() => api.messages(roomId, query), { engine, signal });
      for (const message of results) order.change(message);
      // What changes meanwhile moves to the end, and pages shift: so on from the time that was reached.
      const reached: string | undefined = next === null ? undefined : lastChange(results);
      page = reached === since ? page + 1 : 1;
      since = reached;
    }
    if (this.#from === from && !signal.aborted) this.#from = undefined;
  }

  /** Where nothing has happened yet, the newest message's own time is early enough. */
  async #since(from: { latest: string | undefined; last: number }, signal: AbortSignal): Promise<string | undefined> {
    const { roomId, api, engine } = this.#deps;
    let { latest } = from;
    if (!latest && from.last > 0) {
      const get = () => api.messages(roomId, { after_seq: from.last - 1, limit: 1 });
      latest = (await persist(get, { engine, signal })).results[0]?.created_at;
    }
    return latest && new Date(Date.parse(latest) - margin).toISOString();
  }
}

function lastChange(messages: Message[]): string | undefined {
  const last = messages.at(-1);
  return last && changedAt(last);
}
