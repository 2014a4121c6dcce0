import { type CallState, type Message, type Parley, ParleyError, type Room, type User } from 'parley-client';
import { roomEnded, words } from '../words.ts';
import { Draft } from './draft.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import { Store } from './store.ts';
import { Timeline } from './timeline.ts';
import { Typing } from './typing.ts';

/** How many messages are read at a time. */
const pageSize = 50;

/** One room as the page shows it. It stays open, so that coming back to it shows it at once and the others see one online. */
export class RoomStore extends Store {
  readonly id: number;
  readonly me: number;
  readonly people: People;
  readonly outbox: Outbox;
  readonly draft: Draft;
  phase: 'opening' | 'open' | 'failed' | 'ended' = 'opening';
  /** Why it failed or ended, in words, and the code of the failure. */
  reason = '';
  code = '';
  loadingOlder = false;
  /** Why older messages could not be read. */
  olderFailure: string | undefined;
  atBeginning = false;
  callState: CallState | undefined;
  /** Read markers of others, by user: the seq that they have read up to. Only what happened since the room was opened. */
  readonly readUpTo = new Map<number, number>();
  readonly #room: Room;
  #timeline = new Timeline();
  readonly #typing = new Typing(() => this.changed());
  readonly #stop: (() => void)[];
  #markedSeq = 0;

  constructor(parley: Parley, id: number, me: number) {
    super();
    this.id = id;
    this.me = me;
    this.#room = parley.room(id);
    this.people = new People(parley.api, this.#room, () => this.changed());
    this.draft = new Draft(me, id);
    this.outbox = new Outbox(this.#room, () => this.changed());
    this.#stop = this.#listen();
    void this.open();
  }

  /** It failed to open, or was closed to the user. */
  get isOver(): boolean {
    return this.phase === 'failed' || this.phase === 'ended';
  }

  get messages(): readonly Message[] {
    return this.#timeline.list;
  }

  get typing(): User[] {
    return this.#typing.users;
  }

  /** Opens the room and reads its newest messages; after it failed or ended, anew. */
  async open(): Promise<void> {
    this.phase = 'opening';
    // What was said while the room was closed to the user is not known to follow what is known.
    const timeline = new Timeline();
    this.#timeline = timeline;
    this.changed();
    try {
      await this.#room.open();
      const newest = await this.#room.history({ limit: pageSize });
      // It ended meanwhile, and may be opening anew.
      if (this.#timeline !== timeline || this.phase !== 'opening') return;
      this.#stored(newest);
      this.atBeginning = newest.length < pageSize;
      this.callState = this.#room.callState;
      this.phase = 'open';
      void this.people.load();
    } catch (error) {
      if (this.#timeline !== timeline || this.phase !== 'opening') return;
      this.phase = 'failed';
      this.code = error instanceof ParleyError ? error.code : '';
      this.reason = words(error, { permission_denied: notHere, not_found: notHere });
    }
    this.changed();
  }

  /** Reads a page of what is older than all that is shown. */
  async loadOlder(): Promise<void> {
    const before = this.#timeline.first?.seq;
    if (this.loadingOlder || this.atBeginning || before === undefined) return;
    const timeline = this.#timeline;
    this.loadingOlder = true;
    this.olderFailure = undefined;
    this.changed();
    try {
      const older = await this.#room.history({ before, limit: pageSize });
      if (this.#timeline !== timeline) return;
      this.#stored(older);
      this.atBeginning = older.length < pageSize;
    } catch (error) {
      this.olderFailure = words(error);
    } finally {
      this.loadingOlder = false;
      this.changed();
    }
  }

  /** Takes a message that was refused back to where it was written, before what is written there. */
  rewrite(clientMsgId: string): void {
    this.draft.write([this.outbox.takeBack(clientMsgId), this.draft.text].filter(Boolean).join('\n'));
  }

  typed(): void {
    this.#room.typing();
  }

  edit(messageId: number, content: string): Promise<void> {
    return this.#room.edit(messageId, content);
  }

  delete(messageId: number): Promise<void> {
    return this.#room.delete(messageId);
  }

  /** The user has seen all there is. */
  seen(): void {
    const last = this.#timeline.last;
    if (!last || last.seq <= this.#markedSeq || this.phase !== 'open') return;
    this.#markedSeq = last.seq;
    // A marker that was lost with the connection is set by the next message that is seen.
    this.#room.markRead(last.id).catch(() => {
      this.#markedSeq = 0;
    });
  }

  /** The users, other than oneself and the author, who have read the message. */
  readers(message: Message): string[] {
    return [...this.readUpTo]
      .filter(([user, seq]) => user !== this.me && user !== message.author.id && seq >= message.seq)
      .map(([user]) => this.people.nameOf(user));
  }

  close(): void {
    for (const stop of this.#stop) stop();
    this.people.close();
    this.#typing.clear();
    this.#room.close();
  }

  #stored(messages: readonly Message[]): void {
    for (const message of messages) {
      this.people.met(message.author);
      if (message.author.id === this.me) this.outbox.drop(message.client_msg_id);
    }
    this.#timeline.put(messages);
  }

  #listen(): (() => void)[] {
    const room = this.#room;
    return [
      room.on('message', (message) => {
        this.#typing.stopped(message.author.id);
        this.#stored([message]);
        this.changed();
      }),
      room.on('edit', (message) => this.#edited(message)),
      room.on('delete', (message) => this.#edited(message)),
      room.on('typing', ({ user }) => {
        this.people.met(user);
        this.#typing.told(user);
      }),
      room.on('read', ({ user_id, seq }) => {
        this.readUpTo.set(user_id, Math.max(seq, this.readUpTo.get(user_id) ?? 0));
        this.changed();
      }),
      room.on('callState', (state) => {
        this.callState = state;
        this.changed();
      }),
      room.on('ended', ({ code }) => {
        this.phase = 'ended';
        this.reason = roomEnded[code] ?? 'This room is closed to you now.';
        this.changed();
      }),
    ];
  }

  #edited(message: Message): void {
    // What is older than the page shows comes with its page.
    if (message.seq >= (this.#timeline.first?.seq ?? Number.POSITIVE_INFINITY)) this.#stored([message]);
    this.changed();
  }
}

const notHere = 'This room does not exist, or you are not in it.';
