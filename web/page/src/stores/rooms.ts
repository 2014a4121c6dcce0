import type { Parley, RoomInfo } from 'parley-client';
import { words } from '../words.ts';
import { Store } from './store.ts';

/** The rooms that the user is in, the one that changed last first. */
export class Rooms extends Store {
  list: RoomInfo[] = [];
  loaded = false;
  /** Why the list could not be read. */
  failure: string | undefined;
  readonly #parley: Parley;
  /** Unread counts that came while the list was on its way: they are newer than it. */
  readonly #told = new Map<number, { unread_count: number; last_seq: number }>();
  /** Rooms that came, changed or went meanwhile: so are these. */
  readonly #touched = new Set<number>();
  /** Counts readings of the list: an older answer must not replace a newer. */
  #reading = 0;

  constructor(parley: Parley) {
    super();
    this.#parley = parley;
    parley.on('state', ({ state }) => {
      // After a session that began afresh nobody told what happened meanwhile, so the list is asked for again.
      if (state === 'open') void this.load();
    });
    parley.on('unread', (told) => {
      this.#told.set(told.room_id, told);
      const room = this.get(told.room_id);
      if (!room) return;
      const news = told.last_seq > room.last_seq;
      this.#put({ ...room, unread_count: told.unread_count, last_seq: told.last_seq }, news);
    });
    parley.on('roomAdded', (room) => this.#take(room, true));
    parley.on('roomRemoved', ({ room_id }) => this.remove(room_id));
  }

  get(id: number): RoomInfo | undefined {
    return this.list.find((room) => room.id === id);
  }

  /** Messages not read yet, in all rooms. */
  get unread(): number {
    return this.list.reduce((sum, room) => sum + room.unread_count, 0);
  }

  /** Reads the whole list from the server. */
  async load(): Promise<void> {
    const reading = ++this.#reading;
    this.#told.clear();
    this.#touched.clear();
    try {
      const list = await this.#read();
      if (reading !== this.#reading) return;
      this.list = [
        ...this.list.filter(({ id }) => this.#touched.has(id)),
        ...list.filter(({ id }) => !this.#touched.has(id)).map((room) => ({ ...room, ...this.#news(room) })),
      ];
      this.loaded = true;
      this.failure = undefined;
    } catch (error) {
      if (reading !== this.#reading) return;
      this.failure = words(error);
    }
    this.changed();
  }

  async create(name: string, isPrivate: boolean): Promise<RoomInfo> {
    return this.#take(await this.#parley.api.createRoom({ name, private: isPrivate }), true);
  }

  async join(id: number): Promise<RoomInfo> {
    return this.#take(await this.#parley.api.joinRoom(id), true);
  }

  async change(id: number, change: { name?: string; private?: boolean; owner_id?: number }): Promise<void> {
    this.#take(await this.#parley.api.updateRoom(id, change), false);
  }

  async leave(id: number): Promise<void> {
    await this.#parley.api.leaveRoom(id);
    this.remove(id);
  }

  async delete(id: number): Promise<void> {
    await this.#parley.api.deleteRoom(id);
    this.remove(id);
  }

  remove(id: number): void {
    this.#touched.add(id);
    this.list = this.list.filter((room) => room.id !== id);
    this.changed();
  }

  /** All pages. A room that moved from one to another meanwhile comes once. */
  async #read(): Promise<RoomInfo[]> {
    const byId = new Map<number, RoomInfo>();
    for (let page = 1, more = true; more; page++) {
      const part = await this.#parley.api.rooms(page);
      for (const room of part.results) byId.set(room.id, room);
      more = part.next !== null;
    }
    return [...byId.values()];
  }

  #news(room: RoomInfo): Partial<RoomInfo> {
    const told = this.#told.get(room.id);
    return told && told.last_seq >= room.last_seq ? { unread_count: told.unread_count, last_seq: told.last_seq } : {};
  }

  #take(room: RoomInfo, first: boolean): RoomInfo {
    this.#touched.add(room.id);
    this.#put(room, first);
    return room;
  }

  #put(room: RoomInfo, first: boolean): void {
    const at = this.list.findIndex((r) => r.id === room.id);
    const rest = this.list.filter((r) => r.id !== room.id);
    rest.splice(first || at < 0 ? 0 : at, 0, room);
    this.list = rest;
    this.changed();
  }
}
