import { connect, type Parley, type Ring } from 'parley-client';
import type { Config } from './config.ts';
import type { Notices } from './notices.ts';
import type { Router } from './router.ts';
import { CallStore } from './stores/call.ts';
import { Connection } from './stores/connection.ts';
import { Missed } from './stores/missed.ts';
import { Rings } from './stores/rings.ts';
import { RoomStore } from './stores/room.ts';
import { Rooms } from './stores/rooms.ts';
import type { Tone } from './tone.ts';

/** How many rooms stay open at a time; a socket takes 128 subscriptions (docs/api.md#limits). */
const openRooms = 100;

/** All that a signed-in user has before them. It lives from signing in to signing out. */
export class Desk {
  readonly me: number;
  readonly parley: Parley;
  readonly connection: Connection;
  readonly rooms: Rooms;
  readonly missed: Missed;
  readonly call: CallStore;
  readonly rings: Rings;
  readonly #router: Router;
  /** In the order in which they were looked at last. */
  readonly #open = new Map<number, RoomStore>();
  readonly #leave = () => this.call.leave();

  constructor(token: string, me: number, page: { config: Config; router: Router; notices: Notices; tone: Tone }) {
    this.me = me;
    this.#router = page.router;
    this.parley = connect({ token, ...(page.config.server ? { server: page.config.server } : {}) });
    this.connection = new Connection(this.parley);
    this.rooms = new Rooms(this.parley);
    this.missed = new Missed(this.parley);
    this.call = new CallStore(this.parley, page.notices, page.tone, page.config.iceTransportPolicy);
    this.rings = new Rings(this.parley, this.call, page.notices, page.tone);
    this.parley.on('roomAdded', ({ id }) => {
      const room = this.#open.get(id);
      if (room?.isOver) void room.open();
    });
    this.parley.on('roomRemoved', ({ room_id }) => {
      if (this.call.isIn(room_id)) this.call.leave();
    });
    // Who closes the tab has left the call: the others need not wait for them.
    addEventListener('pagehide', this.#leave);
  }

  /** The room as it is shown, opened when it is asked for the first time. */
  room(id: number): RoomStore {
    const room = this.#open.get(id) ?? new RoomStore(this.parley, id, this.me);
    this.#open.delete(id);
    this.#open.set(id, room);
    for (const [old, store] of this.#open) {
      if (this.#open.size <= openRooms) break;
      if (!this.call.isIn(old) && store.outbox.list.length === 0) this.#forget(old, store);
    }
    return room;
  }

  /** Forgets an open room, so that it is opened anew when it is asked for. */
  forget(id: number): void {
    const room = this.#open.get(id);
    if (room) this.#forget(id, room);
  }

  /** Takes a call that rings: goes to its room and joins. */
  async accept(ring: Ring): Promise<void> {
    if (!(await this.rings.accept(ring))) return;
    this.#router.go({ name: 'room', id: ring.roomId });
    await this.call.start(ring.roomId, { ring: false });
  }

  close(): void {
    removeEventListener('pagehide', this.#leave);
    this.call.leave();
    for (const room of this.#open.values()) room.close();
    this.#open.clear();
    this.parley.close();
  }

  #forget(id: number, room: RoomStore): void {
    this.#open.delete(id);
    room.close();
  }
}
