import { Backoff } from './backoff.ts';
import type { CallDeps } from './calls.ts';
import { closedError, ParleyError } from './errors.ts';
import { Ice } from './ice.ts';
import type { Line } from './line.ts';
import { type Listed, Mesh, type Tell } from './mesh.ts';
import type { Relayed } from './negotiation.ts';
import type { OwnMedia } from './own_media.ts';
import { Timers } from './timers.ts';
import type { CallEvents } from './types/call.ts';
import type { CallState, Data, Frame, IceServers, User } from './wire.ts';

/** Why a part in a call is over. */
export type Ending = CallEvents['ended'];

/** What a part is made of. */
export interface PartDeps extends CallDeps {
  media: OwnMedia;
  policy?: RTCIceTransportPolicy | undefined;
  tell: Tell;
  /** There is signaling, or not for the time. */
  became(state: 'joined' | 'reconnecting'): void;
  over(ending: Ending, error: ParleyError): void;
}

const reasons: Record<number, Ending['reason']> = {
  4401: 'signed_out',
  4403: 'removed',
  4409: 'replaced',
  4410: 'room_deleted',
};

/** One's part in a call, from `join` to its end: the session, and the peers. */
export class Part {
  readonly mesh: Mesh;
  readonly #deps: PartDeps;
  readonly #line: Line;
  readonly #timers: Timers;
  readonly #ice: Ice;
  readonly #backoff: Backoff;
  #callState: CallState | undefined;
  #joinedSession = false; // this one
  #cancelJoin: (() => void) | undefined; // of the next attempt
  #over = false;

  constructor(deps: PartDeps) {
    const { engine, media, tell } = deps;
    this.#deps = deps;
    this.#timers = new Timers(engine);
    this.#backoff = new Backoff(engine.random);
    this.#line = deps.openLine();
    this.#ice = new Ice({
      timers: this.#timers,
      policy: deps.policy,
      ask: () => deps.api.iceServers(),
      changed: (configuration) => {
        for (const { connection } of this.mesh.peers.values()) connection.setConfiguration(configuration);
      },
    });
    const configuration = () => this.#ice.configuration;
    this.mesh = new Mesh({ engine, media, line: this.#line, timers: this.#timers, tell, configuration });
    this.#listen();
  }

  get callState(): CallState | undefined {
    return this.#callState;
  }

  /** Tells one peer, or all, of something. */
  async signal(data: Data, target?: string): Promise<void> {
    if (target === undefined && this.mesh.peers.size === 0) return;
    await this.#line.request('signal', { ...(target !== undefined && { target_peer_id: target }), ...data });
  }

  leave(): void {
    this.#end({ code: 1000, reason: 'left' }, closedError('left the call'));
  }

  #listen(): void {
    const line = this.#line;
    line.on('welcome', ({ resumed }) => {
      if (resumed && this.#joinedSession) this.#back();
      if (!resumed) this.#begin();
    });
    line.on('state', ({ state }) => state === 'open' || this.#lost());
    line.on('frame', (frame) => this.#take(frame));
    line.on('closed', ({ code, reason }) => {
      const error = code === 4403 ? 'permission_denied' : code === 4401 ? 'unauthenticated' : 'closed';
      this.#end({ code, reason: reasons[code] ?? 'refused' }, new ParleyError({ code: error, message: reason }));
    });
  }

  /** A new session is nobody in the call. */
  #begin(): void {
    this.#joinedSession = false;
    this.#cancelJoin?.();
    this.#join();
  }

  #join(): void {
    this.#line.request('join_call').catch((e: ParleyError) => {
      if (e.code === 'closed') return; // with its session: the next one joins
      if (!e.temporary) this.#end({ code: 0, reason: 'refused' }, e);
      else this.#cancelJoin = this.#timers.after(e.retryAfterMs ?? this.#backoff.next(), () => this.#join());
    });
  }

  #lost(): void {
    if (!this.mesh.self || this.#over) return;
    this.mesh.pause(true);
    this.#deps.became('reconnecting');
  }

  #back(): void {
    this.mesh.pause(false);
    this.#deps.became('joined');
  }

  #take({ type, data }: Frame): void {
    const from = String(data.from_peer_id);
    switch (type) {
      case 'call_joined':
        this.#joined(data);
        break;
      case 'user_joined':
        this.#arrived(data);
        break;
      case 'user_left':
        this.mesh.left(String(data.peer_id), String(data.reason));
        break;
      case 'call_state':
        this.#stateIs(data as unknown as CallState);
        break;
      case 'ice_servers':
        this.#ice.update(data as unknown as IceServers);
        break;
      case 'signal':
        this.#signalled(from, data);
        break;
      case 'offer':
      case 'answer':
      case 'ice_candidate':
        this.mesh.take(type, from, data as Relayed);
    }
  }

  #joined(data: Data): void {
    this.#joinedSession = true;
    this.#backoff.reset();
    this.#ice.update(data as unknown as IceServers);
    this.mesh.joined(String(data.peer_id), data.participants as Listed[]);
    this.#deps.became('joined');
  }

  #arrived(data: Data): void {
    const { id, username } = data.user as User;
    const own = String(this.mesh.self);
    this.mesh.arrived({ id: String(data.peer_id), own, user: { id, username }, polite: data.polite === true }, true);
  }

  #stateIs(state: CallState): void {
    this.#callState = state;
    this.mesh.suspended(state.participants);
    this.#deps.tell('callState', state);
  }

  #signalled(from: string, { parley, ...data }: Data): void {
    const peer = this.mesh.find(from);
    const said = Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith('from_')));
    if (typeof parley === 'object' && parley !== null) this.mesh.hear(from, parley as Data);
    else if (peer) this.#deps.tell('signal', { from: peer, data: said });
  }

  #end(ending: Ending, error: ParleyError): void {
    if (this.#over) return;
    this.#over = true;
    this.mesh.close(ending.reason);
    this.#timers.end();
    this.#line.close();
    this.#deps.over(ending, error);
  }
}
