import type { Engine } from './engine.ts';
import type { Line } from './line.ts';
import { IncomingRing, OwnRing } from './ring.ts';
import type { OutgoingRing, Ring } from './types/ring.ts';
import type { Data, Frame, User } from './wire.ts';

/** How long the server may take to tell a new session what still rings, in milliseconds. */
const announceMs = 5e3;

/** How long an invite rings unless it says otherwise, in milliseconds. */
const lifetimeMs = 30e3;

/** What is known of an invite that came. */
interface Invite {
  room_id: number;
  invite_id: string;
  from: User;
  expires_at: string;
  lifetime_ms: number;
}

/** All that rings, for the user and by the user, over a multiplexed line. */
export class Rings {
  readonly #line: Line;
  readonly #engine: Engine;
  readonly #incoming = new Map<string, IncomingRing>(); // by invite
  readonly #own = new Map<string, OwnRing>();

  constructor(line: Line, engine: Engine) {
    this.#line = line;
    this.#engine = engine;
  }

  /** Calls one participant of a room, or all others. */
  async invite(roomId: number, options: { userId?: number; lifetimeMs?: number }): Promise<OutgoingRing> {
    const data: Data = { lifetime_ms: options.lifetimeMs ?? lifetimeMs };
    if (options.userId !== undefined) data.target_user_id = options.userId;
    const ack = await this.#line.request('call_invite', data, { roomId, resend: 'always' });
    const id = String(ack.invite_id);
    const ring = this.#own.get(id) ?? new OwnRing(id, roomId, this.#deps(this.#own, id));
    this.#own.set(id, ring);
    ring.renew(ack.invited as number[], new Date(String(ack.expires_at)), Number(data.lifetime_ms));
    return ring;
  }

  /** A frame with an invite. Returns a ring that is new. */
  hear({ type, data }: Frame): Ring | undefined {
    const id = String(data.invite_id);
    switch (type) {
      case 'incoming_call':
        return this.#came(data as unknown as Invite);
      case 'call_accept':
      case 'call_decline':
        this.#answered(id, type === 'call_accept' ? 'accepted' : 'declined', data.user as User);
        break;
      case 'call_cancel':
        this.#incoming.get(id)?.end('cancelled');
        break;
      case 'call_answered_elsewhere':
        this.#incoming.get(id)?.end('elsewhere');
    }
    return undefined;
  }

  /** A new session: one's own invites have ended with the old one. What still rings for the user is told again. */
  sessionLost(): void {
    for (const ring of [...this.#own.values()]) ring.end('cancelled');
    for (const ring of this.#incoming.values()) ring.doubt(announceMs);
  }

  /** The line is over. */
  over(): void {
    for (const ring of [...this.#own.values(), ...this.#incoming.values()]) ring.end('cancelled');
  }

  /** The answer may come as soon as the invite's ack, before that has made a ring. */
  #answered(id: string, how: 'accepted' | 'declined', user: User): void {
    const own = this.#own.get(id);
    if (own) own.answered(how, user);
    else this.#engine.after(0, () => this.#own.get(id)?.answered(how, user));
  }

  #came({ invite_id: id, room_id: roomId, from, expires_at, lifetime_ms }: Invite): Ring | undefined {
    const known = this.#incoming.get(id);
    const ring = known ?? new IncomingRing(id, roomId, from, this.#deps(this.#incoming, id));
    this.#incoming.set(id, ring);
    ring.renew(new Date(expires_at), lifetime_ms);
    return known ? undefined : ring;
  }

  #deps(rings: Map<string, unknown>, id: string) {
    return { line: this.#line, engine: this.#engine, forget: () => void rings.delete(id) };
  }
}
