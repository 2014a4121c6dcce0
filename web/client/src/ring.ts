import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import type { Line } from './line.ts';
import type { OutgoingRing, OutgoingRingEvents, Ring, RingEvents, RingOver } from './types/ring.ts';
import type { User } from './wire.ts';

/** What a ring is made of. */
export interface RingDeps {
  line: Line;
  engine: Engine;
  /** It is over. */
  forget(): void;
}

/** An invite that rings for this user. */
export class IncomingRing extends Emitter<RingEvents> implements Ring {
  readonly inviteId: string;
  readonly roomId: number;
  readonly from: User;
  readonly #deps: RingDeps;
  #expiresAt = new Date(0);
  #over = false;
  #cancel: (() => void) | undefined; // of the time at which it ends by itself
  #cancelDoubt: (() => void) | undefined;

  constructor(inviteId: string, roomId: number, from: User, deps: RingDeps) {
    super();
    this.inviteId = inviteId;
    this.roomId = roomId;
    this.from = from;
    this.#deps = deps;
  }

  get expiresAt(): Date {
    return this.#expiresAt;
  }

  accept(): Promise<void> {
    return this.#answer('call_accept', 'accepted');
  }

  decline(): Promise<void> {
    return this.#answer('call_decline', 'declined');
  }

  /** It rings for `lifetimeMs` from now, whatever the clocks say. */
  renew(expiresAt: Date, lifetimeMs: number): void {
    this.#expiresAt = expiresAt;
    this.#cancel?.();
    this.#cancelDoubt?.();
    this.#cancel = this.#deps.engine.after(lifetimeMs, () => this.end('expired'));
  }

  /** It may be over: unless it is told again within `ms` milliseconds, it is. */
  doubt(ms: number): void {
    this.#cancelDoubt?.();
    this.#cancelDoubt = this.#deps.engine.after(ms, () => this.end('cancelled'));
  }

  end(reason: RingOver): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancel?.();
    this.#cancelDoubt?.();
    this.#deps.forget();
    this.emit('over', { reason });
  }

  async #answer(type: string, reason: RingOver): Promise<void> {
    await this.#deps.line.request(type, { invite_id: this.inviteId }, { roomId: this.roomId, resend: 'always' });
    this.end(reason);
  }
}

/** An invite of this user's own. */
export class OwnRing extends Emitter<OutgoingRingEvents> implements OutgoingRing {
  readonly inviteId: string;
  readonly #roomId: number;
  readonly #deps: RingDeps;
  readonly #invited = new Set<number>();
  readonly #silent = new Set<number>(); // those who have not answered
  #expiresAt = new Date(0);
  #over = false;
  #cancel: (() => void) | undefined;

  constructor(inviteId: string, roomId: number, deps: RingDeps) {
    super();
    this.inviteId = inviteId;
    this.#roomId = roomId;
    this.#deps = deps;
  }

  get invited(): number[] {
    return [...this.#invited];
  }

  get expiresAt(): Date {
    return this.#expiresAt;
  }

  async cancel(): Promise<void> {
    if (this.#over) return;
    await this.#deps.line.request(
      'call_cancel',
      { invite_id: this.inviteId },
      { roomId: this.#roomId, resend: 'always' },
    );
    this.end('cancelled');
  }

  /** It rings for these users, for `lifetimeMs` from now. */
  renew(invited: number[], expiresAt: Date, lifetimeMs: number): void {
    for (const id of invited) {
      this.#invited.add(id);
      this.#silent.add(id);
    }
    this.#expiresAt = expiresAt;
    this.#cancel?.();
    this.#cancel = this.#deps.engine.after(lifetimeMs, () => this.end('expired'));
  }

  answered(how: 'accepted' | 'declined', user: User): void {
    this.#silent.delete(user.id);
    this.emit(how, user);
    if (this.#silent.size === 0) this.end('answered');
  }

  end(reason: 'answered' | 'cancelled' | 'expired'): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancel?.();
    this.#deps.forget();
    this.emit('over', { reason });
  }
}
