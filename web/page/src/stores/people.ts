import type { Api, Participant, Room, User } from 'parley-client';
import { words } from '../words.ts';

/** Who is in one room and who of them is online. */
export class People {
  list: readonly Participant[] = [];
  /** Why the list could not be read. */
  failure: string | undefined;
  readonly #api: Api;
  readonly #room: Room;
  readonly #changed: () => void;
  readonly #stop: () => void;
  /** Everybody whose name was ever heard, those who have left included. */
  readonly #names = new Map<number, string>();

  constructor(api: Api, room: Room, changed: () => void) {
    this.#api = api;
    this.#room = room;
    this.#changed = changed;
    this.#stop = room.on('presence', ({ online }) => {
      for (const user of online.values()) this.met(user);
      const strangers = [...online.keys()].some((id) => !this.list.some((p) => p.id === id));
      if (strangers && this.list.length > 0) void this.load();
      changed();
    });
  }

  get onlineCount(): number {
    return this.#room.onlineCount;
  }

  isOnline(userId: number): boolean {
    return this.#room.online.has(userId);
  }

  met(user: User): void {
    this.#names.set(user.id, user.display_name || user.username);
  }

  nameOf(userId: number, otherwise = 'somebody'): string {
    return this.#names.get(userId) ?? otherwise;
  }

  /** Reads who is in the room; what was known stays where that fails. */
  async load(): Promise<void> {
    try {
      const list: Participant[] = [];
      for (let page = 1, more = true; more; page++) {
        const part = await this.#api.participants(this.#room.id, page);
        list.push(...part.results);
        more = part.next !== null;
      }
      for (const one of list) this.met(one);
      this.list = list;
      this.failure = undefined;
    } catch (error) {
      this.failure = words(error);
    }
    this.#changed();
  }

  close(): void {
    this.#stop();
  }

  async add(username: string): Promise<Participant> {
    const added = await this.#api.addParticipant(this.#room.id, { username });
    await this.load();
    return added;
  }

  async remove(userId: number): Promise<void> {
    await this.#api.removeParticipant(this.#room.id, { user_id: userId });
    await this.load();
  }
}
