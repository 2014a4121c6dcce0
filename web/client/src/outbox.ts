import type { Engine } from './engine.ts';
import { closedError, type ParleyError } from './errors.ts';
import type { Line } from './line.ts';
import { persist } from './persist.ts';

/** How often a message that is refused for a time is tried. */
const attempts = 8;

/** What the server says of a message that is stored. */
export interface Stored {
  id: number;
  seq: number;
  clientMsgId: string;
}

interface Letter {
  content: string;
  clientMsgId: string;
  resolve(stored: Stored): void;
  reject(e: unknown): void;
}

/** What an outbox is made of. */
export interface OutboxDeps {
  roomId: number;
  line: Line;
  engine: Engine;
  /** Whether messages may go. If not, `flush` is called when they may. */
  ready(): boolean;
}

/** The messages to a room that are not stored yet: one after the other, so that no retry changes their order. */
export class Outbox {
  readonly #deps: OutboxDeps;
  #letters: Letter[] = [];
  #going = false;
  #open = new AbortController();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Resolves when the message is stored. */
  send(content: string, clientMsgId: string): Promise<Stored> {
    return new Promise((resolve, reject) => {
      this.#letters.push({ content, clientMsgId, resolve, reject });
      this.flush();
    });
  }

  flush(): void {
    if (!this.#going) void this.#go(this.#open.signal);
  }

  /** Gives up what is not stored. */
  close(): void {
    this.#open.abort();
    this.#open = new AbortController();
    this.#going = false;
    for (const letter of this.#letters.splice(0)) letter.reject(closedError());
  }

  async #go(signal: AbortSignal): Promise<void> {
    this.#going = true;
    while (this.#letters[0] && this.#deps.ready()) {
      const letter = this.#letters[0];
      await this.#store(letter, signal).then(letter.resolve, letter.reject);
      if (signal.aborted) return; // closed meanwhile
      this.#letters.shift();
    }
    this.#going = false;
  }

  async #store({ content, clientMsgId }: Letter, signal: AbortSignal): Promise<Stored> {
    const { roomId, line, engine } = this.#deps;
    const send = () =>
      line.request('chat_message', { content, client_msg_id: clientMsgId }, { roomId, resend: 'always' });
    // A new session is not subscribed until its server has looked the room up.
    const passes = (e: ParleyError) => e.temporary || e.code === 'not_subscribed';
    const { id, seq } = await persist(send, { engine, signal, attempts, passes });
    return { id: Number(id), seq: Number(seq), clientMsgId };
  }
}
