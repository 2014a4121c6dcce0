import type { Room } from 'parley-client';
import { uniqueId } from '../unique-id.ts';
import { words } from '../words.ts';

/** A message of one's own that the server has not stored yet. */
export interface Unsent {
  clientMsgId: string;
  content: string;
  at: string;
  /** Why it was refused. Undefined while it is on its way, however long the connection is lost. */
  failure?: string;
}

/** What waits to be stored in one room, oldest first. */
export class Outbox {
  list: readonly Unsent[] = [];
  readonly #room: Room;
  readonly #changed: () => void;

  constructor(room: Room, changed: () => void) {
    this.#room = room;
    this.#changed = changed;
  }

  send(content: string): void {
    const unsent = { clientMsgId: uniqueId(), content, at: new Date().toISOString() };
    this.#set([...this.list, unsent]);
    void this.#try(unsent);
  }

  /** Sends a refused message again, with its id: were it stored after all, it would not be stored twice. */
  retry(clientMsgId: string): void {
    const unsent = this.list.find((u) => u.clientMsgId === clientMsgId);
    if (!unsent) return;
    const { failure: _, ...again } = unsent;
    this.#set(this.list.map((u) => (u === unsent ? again : u)));
    void this.#try(again);
  }

  /** Takes a message out: it was stored, or given up. */
  drop(clientMsgId: string | undefined): void {
    if (clientMsgId !== undefined) this.#set(this.list.filter((u) => u.clientMsgId !== clientMsgId));
  }

  /** Takes a refused message out, to be written anew. */
  takeBack(clientMsgId: string): string {
    const unsent = this.list.find((u) => u.clientMsgId === clientMsgId);
    this.drop(clientMsgId);
    return unsent?.content ?? '';
  }

  async #try(unsent: Unsent): Promise<void> {
    try {
      await this.#room.send(unsent.content, { clientMsgId: unsent.clientMsgId });
      // What is stored comes as a message, too, which takes its place in the list: see RoomStore.
    } catch (error) {
      const failure = words(error);
      this.#set(this.list.map((u) => (u.clientMsgId === unsent.clientMsgId ? { ...u, failure } : u)));
    }
  }

  #set(list: readonly Unsent[]): void {
    this.list = list;
    this.#changed();
  }
}
