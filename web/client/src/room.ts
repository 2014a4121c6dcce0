import { Backoff } from './backoff.ts';
import { CatchUp } from './catch_up.ts';
import { closeCodes, comesBack } from './close_codes.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import { closedError, ParleyError } from './errors.ts';
import { InOrder } from './in_order.ts';
import type { Line } from './line.ts';
import { Outbox, type Stored } from './outbox.ts';
import { persist, sleep } from './persist.ts';
import { Presence } from './presence.ts';
import type { Api } from './rest.ts';
import type { OutgoingRing } from './types/ring.ts';
import type { Room, RoomEvents, RoomState } from './types/room.ts';
import { uniqueId } from './unique_id.ts';
import type { CallState, Data, Frame, Message, User } from './wire.ts';

/** At most one `typing` in so long, in milliseconds. */
const typingMs = 2e3;

/** How often something is asked that is refused while there is no subscription. */
const attempts = 8;

/** What a room's chat is made of. */
export interface RoomDeps {
  id: number;
  line: Line;
  api: Api;
  engine: Engine;
  /** Calls somebody in the room. */
  ring(options: { userId?: number; lifetimeMs?: number }): Promise<OutgoingRing>;
}

/** From `open` to `close`, or to where the room ends. */
interface Opening {
  ended: AbortController;
  /** Whether it ever was. */
  open: boolean;
  answer: Promise<{ lastSeq: number }>;
  resolve(answer: { lastSeq: number }): void;
  reject(e: unknown): void;
}

/** A room's chat over a multiplexed line. */
export class ChatRoom extends Emitter<RoomEvents> implements Room {
  readonly id: number;
  readonly #deps: RoomDeps;
  readonly #presence = new Presence();
  readonly #order: InOrder;
  readonly #catchUp: CatchUp;
  readonly #outbox: Outbox;
  readonly #backoff: Backoff; // between subscriptions that the server ends
  #state: RoomState = 'closed';
  #opening: Opening | undefined;
  #subscription: { over: AbortController; done: boolean } | undefined; // in this session
  #leaving: Promise<void> | undefined; // the last subscription
  #begun = false; // of this opening: where messages begin is known
  #callState: CallState | undefined;
  #typedAt = Number.NEGATIVE_INFINITY; // by the engine's clock

  constructor(deps: RoomDeps) {
    super();
    const { id, line, api, engine } = deps;
    this.id = id;
    this.#deps = deps;
    this.#order = new InOrder({
      message: (message) => this.emit('message', message),
      changed: (message) => this.emit(message.deleted_at ? 'delete' : 'edit', message),
      missing: () => this.#fill(),
    });
    this.#catchUp = new CatchUp({ roomId: id, api, engine, order: this.#order });
    this.#outbox = new Outbox({ roomId: id, line, engine, ready: () => this.#subscription?.done ?? false });
    this.#backoff = new Backoff(engine.random);
  }

  get state(): RoomState {
    return this.#state;
  }
  get lastSeq(): number {
    return this.#order.last;
  }
  get online(): ReadonlyMap<number, User> {
    return this.#presence.online;
  }
  get onlineCount(): number {
    return this.#presence.count;
  }
  get callState(): CallState | undefined {
    return this.#callState;
  }

  open({ since }: { since?: number } = {}): Promise<{ lastSeq: number }> {
    if (this.#opening) return this.#opening.answer;
    if (this.#deps.line.state === 'closed') return Promise.reject(closedError());
    this.#order.reset();
    this.#catchUp.reset();
    this.#begun = since !== undefined;
    if (since !== undefined) this.#order.start(since);
    const opening = { ended: new AbortController(), open: false } as Opening;
    opening.answer = new Promise((resolve, reject) => Object.assign(opening, { resolve, reject }));
    this.#opening = opening;
    this.#become('opening');
    if (this.#deps.line.state === 'open') void this.#subscribe(opening);
    return opening.answer;
  }

  close(): void {
    if (!this.#opening) return;
    if (this.#subscription) this.#leave();
    this.#shut(closedError());
  }

  send(content: string, { clientMsgId = uniqueId() }: { clientMsgId?: string } = {}): Promise<Stored> {
    if (!this.#opening) return Promise.reject(closedError('the room is not open'));
    return this.#outbox.send(content, clientMsgId);
  }

  async edit(messageId: number, content: string): Promise<void> {
    await this.#request('message_edit', { message_id: messageId, content });
  }

  async delete(messageId: number): Promise<void> {
    await this.#request('message_delete', { message_id: messageId });
  }

  async history({
    before,
    after,
    limit = 50,
  }: {
    before?: number;
    after?: number;
    limit?: number;
  } = {}): Promise<Message[]> {
    const cursor = after !== undefined ? { after_seq: after } : { before_seq: before ?? Number.MAX_SAFE_INTEGER };
    return (await this.#deps.api.messages(this.id, { ...cursor, limit })).results;
  }

  typing(note?: string): void {
    const now = this.#deps.engine.now();
    if (this.#state !== 'open' || now - this.#typedAt < typingMs) return;
    this.#typedAt = now;
    this.#deps.line.notify('typing', note === undefined ? {} : { note }, { roomId: this.id });
  }

  async markRead(messageId?: number): Promise<void> {
    if (messageId === undefined) await this.#request('mark_room_as_read', {});
    else await this.#request('message_read', { message_id: messageId });
  }

  ring(options: { userId?: number; lifetimeMs?: number } = {}): Promise<OutgoingRing> {
    return this.#deps.ring(options);
  }

  /** The line has a new socket. */
  welcome(resumed: boolean): void {
    const opening = this.#opening;
    if (!opening) return;
    if (!resumed && this.#begun) this.#catchUp.mark();
    if (!resumed || !this.#subscription) void this.#subscribe(opening);
    else if (this.#subscription.done) this.#become('open');
  }

  /** The line has no socket. */
  lost(): void {
    if (this.#state === 'open') this.#become('waiting');
  }

  /** The line is over. */
  over(): void {
    this.#shut(closedError());
  }

  /** A frame for this room. */
  hear({ type, data }: Frame): void {
    if (!this.#opening) return;
    switch (type) {
      case 'chat_message':
        this.#order.take(data as unknown as Message);
        break;
      case 'message_edit':
      case 'message_delete':
        this.#order.change(data as unknown as Message);
        break;
      case 'typing':
        this.emit('typing', data as unknown as RoomEvents['typing']);
        break;
      case 'message_read':
        this.emit('read', data as unknown as RoomEvents['read']);
        break;
      case 'presence_state':
        this.#backoff.reset(); // the subscription is complete
        this.#present(type, data);
        break;
      case 'user_online':
      case 'user_offline':
        this.#present(type, data);
        break;
      case 'call_state':
        this.#showCall(data as unknown as CallState);
        break;
      case 'unsubscribed':
        this.#unsubscribed(this.#opening, data);
    }
  }

  #present(type: string, data: Data): void {
    this.#presence.hear(type, data);
    this.emit('presence', { online: this.online, count: this.onlineCount });
  }

  /** Ends the subscription. What is sent again must not end the next one: that waits for the answer. */
  #leave(): void {
    const { line } = this.#deps;
    const done = () => {
      if (this.#leaving === leaving) this.#leaving = undefined;
    };
    // A new session ends it, too: it has no subscriptions.
    const leaving = line.request('unsubscribe', { room_id: this.id, channel: 'chat' }).then(done, done);
    this.#leaving = leaving;
  }

  async #subscribe(opening: Opening, pauseMs = 0): Promise<void> {
    const { line, engine } = this.#deps;
    this.#subscription?.over.abort();
    const subscription = { over: new AbortController(), done: false };
    this.#subscription = subscription;
    if (pauseMs > 0) await sleep(pauseMs, engine, subscription.over.signal);
    if (this.#leaving) await this.#leaving;
    if (subscription !== this.#subscription) return;
    const data: Data = { room_id: this.id, channel: 'chat' };
    if (this.#begun) data.since_seq = this.#order.last;
    try {
      const how = { engine, signal: subscription.over.signal };
      // Not later than what is sent behind it: that is sent again at once, too.
      const { last_seq } = await persist(() => line.request('subscribe', data, { resend: 'always' }), how);
      if (subscription !== this.#subscription) return;
      subscription.done = true;
      this.#subscribed(opening, Number(last_seq), subscription.over.signal);
    } catch (e) {
      if (subscription === this.#subscription) this.#refused(opening, e);
    }
  }

  #subscribed(opening: Opening, lastSeq: number, signal: AbortSignal): void {
    if (!this.#begun) this.#order.start(lastSeq);
    this.#begun = opening.open = true;
    this.#become(this.#deps.line.state === 'open' ? 'open' : 'waiting');
    opening.resolve({ lastSeq });
    this.#outbox.flush();
    this.#catchUp.changes(signal).catch(ended);
    this.#askForCall(signal).catch(ended);
  }

  #refused(opening: Opening, e: unknown): void {
    if (!opening.open) this.#shut(e);
    else if (e instanceof ParleyError && e.code !== 'closed') this.#end(closeCodes.forbidden, e.message);
  }

  #unsubscribed(opening: Opening, { channel, code, reason }: Data): void {
    if (channel !== 'chat') return;
    if (comesBack(Number(code))) {
      this.#catchUp.mark();
      this.lost();
      void this.#subscribe(opening, this.#backoff.next());
    } else {
      this.#end(Number(code), String(reason));
    }
  }

  #fill(): void {
    if (this.#opening) this.#catchUp.fill(this.#opening.ended.signal).catch(ended);
  }

  /** Chat sockets are told of the call when it changes. How it is now has to be asked for. */
  async #askForCall(signal: AbortSignal): Promise<void> {
    const { api, engine } = this.#deps;
    const known = this.#callState;
    const state = await persist(() => api.callState(this.id), { engine, signal });
    if (!signal.aborted && this.#callState === known) this.#showCall(state);
  }

  #showCall(state: CallState): void {
    this.#callState = state;
    this.emit('callState', state);
  }

  /** Asks what the server does for subscribers only: as long as the room is being opened it may not yet. */
  #request(type: string, data: Data): Promise<Data> {
    const { line, engine } = this.#deps;
    if (!this.#opening) return Promise.reject(closedError('the room is not open'));
    const { signal } = this.#opening.ended;
    const passes = (e: ParleyError) => e.code === 'not_subscribed';
    const ask = () => line.request(type, data, { roomId: this.id, resend: 'always' });
    return persist(ask, { engine, signal, attempts, passes });
  }

  #end(code: number, reason: string): void {
    this.#shut(closedError(reason));
    this.emit('ended', { code, reason });
  }

  #shut(e: unknown): void {
    const opening = this.#opening;
    if (!opening) return;
    this.#opening = undefined;
    opening.ended.abort();
    this.#subscription?.over.abort();
    this.#subscription = this.#callState = undefined;
    this.#presence.set([], 0);
    this.#outbox.close();
    opening.reject(e);
    this.#become('closed');
  }

  #become(state: RoomState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', { state });
  }
}

/** What is got in the background ends with what it is for, or where the room refuses it. Either is told otherwise. */
function ended(e: unknown): void {
  if (!(e instanceof ParleyError)) throw e;
}
