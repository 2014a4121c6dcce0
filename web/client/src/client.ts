import type { CallFactory } from './calls.ts';
import { closeCodes } from './close_codes.ts';
import { ticketCredentials, tokenCredentials } from './credentials.ts';
import { Emitter } from './emitter.ts';
import { type Engine, engineWith } from './engine.ts';
import { Http, serverUrl } from './http.ts';
import type { ConnectionState, Line } from './line.ts';
import { Api } from './rest.ts';
import { Rings } from './rings.ts';
import { ChatRoom } from './room.ts';
import { Session } from './session.ts';
import type { Call } from './types/call.ts';
import type { ConnectOptions, Parley, ParleyEvents } from './types/parley.ts';
import type { Room } from './types/room.ts';
import type { Frame, RoomInfo, User, Welcome } from './wire.ts';

/** A user's connection: one multiplexed line, the rooms on it, and calls, which have lines of their own. */
export class Client extends Emitter<ParleyEvents> implements Parley {
  readonly api: Api;
  readonly #engine: Engine;
  readonly #makeCall: CallFactory;
  readonly #openLine: (path: string) => Line;
  readonly #line: Line;
  readonly #rings: Rings;
  readonly #rooms = new Map<number, ChatRoom>();
  readonly #calls = new Map<number, Call>();
  #user: User | undefined;
  #features: ReadonlySet<string> = new Set();
  #degraded = false;

  constructor({ server, token, credentials = 'ticket', engine }: ConnectOptions, makeCall: CallFactory) {
    super();
    const url = serverUrl(server);
    this.#engine = engineWith(engine);
    this.#makeCall = makeCall;
    this.api = new Api(new Http(url, this.#engine, token));
    const shown = credentials === 'token' ? tokenCredentials(token) : ticketCredentials(this.api);
    this.#openLine = (path) => new Session({ engine: this.#engine, url: socketUrl(url, path), credentials: shown });
    this.#line = this.#openLine('ws/');
    this.#rings = new Rings(this.#line, this.#engine);
    this.#line.on('welcome', ({ resumed, first, data }) => this.#welcome(resumed, first, data));
    this.#line.on('frame', (frame) => this.#hear(frame));
    this.#line.on('state', (e) => {
      if (e.state === 'connecting' || e.state === 'waiting') for (const room of this.#rooms.values()) room.lost();
      this.emit('state', e);
    });
    this.#line.on('closed', ({ code }) => {
      this.#over();
      if (code === closeCodes.unauthenticated) this.emit('signedOut', { code });
    });
  }

  get state(): ConnectionState {
    return this.#line.state;
  }
  get user(): User | undefined {
    return this.#user;
  }
  get features(): ReadonlySet<string> {
    return this.#features;
  }

  room(id: number): Room {
    const { api } = this;
    const ring = (options: { userId?: number; lifetimeMs?: number }) => this.#rings.invite(id, options);
    const room = this.#rooms.get(id) ?? new ChatRoom({ id, line: this.#line, api, engine: this.#engine, ring });
    this.#rooms.set(id, room);
    return room;
  }

  call(roomId: number): Call {
    const openLine = () => this.#openLine(`ws/call/${roomId}/`);
    const closed = () => this.state === 'closed';
    const deps = { roomId, api: this.api, engine: this.#engine, openLine, closed };
    const call = this.#calls.get(roomId) ?? this.#makeCall(deps);
    this.#calls.set(roomId, call);
    return call;
  }

  probe(): void {
    this.#line.probe();
  }

  close(): void {
    for (const call of this.#calls.values()) call.leave();
    this.#line.close();
    this.#over();
  }

  #over(): void {
    for (const room of this.#rooms.values()) room.over();
    this.#rings.over();
  }

  #welcome(resumed: boolean, first: boolean, { user, features }: Welcome): void {
    this.#user = user;
    this.#features = new Set(features);
    if (!resumed && !first) this.#rings.sessionLost();
    if (this.#degraded) this.#degrade([]); // it is told again where it holds: this may be another node
    for (const room of this.#rooms.values()) room.welcome(resumed);
  }

  #hear(frame: Frame): void {
    const { type, data } = frame;
    switch (type) {
      case 'unread':
        this.emit('unread', data as ParleyEvents['unread']);
        break;
      case 'room_added':
        this.emit('roomAdded', data.room as RoomInfo);
        break;
      case 'room_removed':
        this.emit('roomRemoved', data as ParleyEvents['roomRemoved']);
        break;
      case 'call_missed':
        this.emit('callMissed', data as unknown as ParleyEvents['callMissed']);
        break;
      case 'degraded':
        this.#degrade(data.reasons as string[]);
        break;
      default:
        if (data.invite_id !== undefined) this.#ring(frame);
        else if (type === 'incoming_call') this.emit('callStarted', data as unknown as ParleyEvents['callStarted']);
        else this.#rooms.get(frame.room_id ?? 0)?.hear(frame);
    }
  }

  #ring(frame: Frame): void {
    const ring = this.#rings.hear(frame);
    if (ring) this.emit('incomingCall', ring);
  }

  #degrade(reasons: string[]): void {
    this.#degraded = reasons.length > 0;
    this.emit('degraded', { reasons });
  }
}

function socketUrl(server: URL, path: string): URL {
  const url = new URL(path, server);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
