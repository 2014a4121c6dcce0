import type { User } from 'parley-client';

/** How long somebody is shown as typing after the last word of it, in ms. Clients tell every 2 s. */
const holdFor = 4_000;

/** Who is typing in one room. */
export class Typing {
  readonly #timers = new Map<number, { user: User; timer: ReturnType<typeof setTimeout> }>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get users(): User[] {
    return [...this.#timers.values()].map((t) => t.user);
  }

  told(user: User): void {
    clearTimeout(this.#timers.get(user.id)?.timer);
    this.#timers.set(user.id, { user, timer: setTimeout(() => this.stopped(user.id), holdFor) });
    this.#changed();
  }

  stopped(userId: number): void {
    clearTimeout(this.#timers.get(userId)?.timer);
    if (this.#timers.delete(userId)) this.#changed();
  }

  clear(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
