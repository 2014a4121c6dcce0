import type { Data, User } from './wire.ts';

/** Who is online in a room. Of a large room only how many are known. */
export class Presence {
  #online = new Map<number, User>();
  #count = 0;

  get online(): ReadonlyMap<number, User> {
    return this.#online;
  }

  get count(): number {
    return this.#count;
  }

  /** All there are, or only their count. */
  set(users: User[], count: number): void {
    this.#online = new Map(users.map((user) => [user.id, user]));
    this.#count = count;
  }

  /** A frame that tells of it. */
  hear(type: string, data: Data): void {
    if (type === 'presence_state') this.set(data.users as User[], Number(data.count));
    else if (type === 'user_online') this.#came(data.user as User);
    else this.#went(data.user as User);
  }

  #came(user: User): void {
    if (this.#named)
      this.set([...this.#online.values(), user], this.#online.has(user.id) ? this.#count : this.#count + 1);
  }

  #went(user: User): void {
    if (!this.#online.has(user.id)) return;
    this.set(
      [...this.#online.values()].filter((other) => other.id !== user.id),
      this.#count - 1,
    );
  }

  get #named(): boolean {
    return this.#online.size === this.#count;
  }
}
