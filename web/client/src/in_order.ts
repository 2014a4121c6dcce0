import type { Message } from './wire.ts';

/** How many changes are remembered, to tell those that come twice. */
const remembered = 1000;

/** Who is told of a room's messages. */
export interface OrderListener {
  message(message: Message): void;
  /** A message that was told before is now as it is here. */
  changed(message: Message): void;
  /** Messages behind `last` are missing: somebody has to get them. */
  missing(): void;
}

/** Puts a room's messages in the order of `seq`, each once, and their changes behind them. */
export class InOrder {
  readonly #tell: OrderListener;
  #last: number | undefined; // not known before the start
  #latest: string | undefined;
  readonly #ahead = new Map<number, Message>(); // by seq
  readonly #early = new Map<number, Message>(); // changes of messages that are yet to come, by seq
  readonly #changed = new Map<number, Message>(); // the last change of each, by id

  constructor(tell: OrderListener) {
    this.#tell = tell;
  }

  /** `seq` of the newest message that was told. */
  get last(): number {
    return this.#last ?? 0;
  }

  /** When the newest thing happened that is known of (RFC 3339). */
  get latest(): string | undefined {
    return this.#latest;
  }

  /** Whether messages wait for others that are missing. */
  get gap(): boolean {
    return this.#ahead.size > 0;
  }

  /** Forgets all. What comes before the start waits for it. */
  reset(): void {
    this.#last = this.#latest = undefined;
    for (const map of [this.#ahead, this.#early, this.#changed]) map.clear();
  }

  /** Begins behind `seq`. */
  start(seq: number): void {
    this.#last = seq;
    const early = [...this.#early.values()].filter((change) => change.seq <= seq);
    for (const old of [...this.#ahead.keys()].filter((ahead) => ahead <= seq)) this.#ahead.delete(old);
    for (const change of early) {
      this.#early.delete(change.seq);
      this.change(change);
    }
    this.#advance();
  }

  take(message: Message): void {
    if (message.seq <= this.last) return;
    this.#ahead.set(message.seq, message);
    if (this.#last !== undefined) this.#advance();
  }

  change(message: Message): void {
    if (this.#last === undefined || message.seq > this.#last) this.#early.set(message.seq, message);
    else if (this.#isNews(message)) this.#tell.changed(message);
  }

  #advance(): void {
    for (let next = this.#next(); next; next = this.#next()) this.#deliver(next);
    if (this.gap) this.#tell.missing();
  }

  #next(): Message | undefined {
    return this.#ahead.get(this.last + 1);
  }

  #deliver(message: Message): void {
    this.#last = message.seq;
    this.#ahead.delete(message.seq);
    this.#isNews(message);
    this.#tell.message(message);
    const change = this.#early.get(message.seq);
    if (change && this.#early.delete(message.seq)) this.change(change);
  }

  /** Whether this is a change that was not told yet. From now on it was. */
  #isNews(message: Message): boolean {
    const at = changedAt(message);
    this.#latest = later(this.#latest, at ?? message.created_at);
    if (!at) return false;
    const told = this.#changed.get(message.id);
    const since = told ? Date.parse(at) - Date.parse(changedAt(told) ?? at) : 1;
    if (since < 0 || (since === 0 && told?.content === message.content)) return false;
    this.#changed.delete(message.id); // to the end
    this.#changed.set(message.id, message);
    const [oldest] = this.#changed.keys();
    if (this.#changed.size > remembered && oldest !== undefined) this.#changed.delete(oldest);
    return true;
  }
}

/** When a message was edited or deleted last. */
export const changedAt = ({ edited_at, deleted_at }: Message): string | undefined => later(edited_at, deleted_at);

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (!a || !b) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
