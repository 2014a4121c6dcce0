import type { Parley, Ring } from 'parley-client';
import type { Notices } from '../notices.ts';
import type { Tone } from '../tone.ts';
import { words } from '../words.ts';
import type { CallStore } from './call.ts';
import { Store } from './store.ts';

/** The calls that ring for the user, the first that came first. */
export class Rings extends Store {
  list: readonly Ring[] = [];
  readonly #call: CallStore;
  readonly #notices: Notices;
  readonly #tone: Tone;
  #sounding = false;

  constructor(parley: Parley, call: CallStore, notices: Notices, tone: Tone) {
    super();
    this.#call = call;
    this.#notices = notices;
    this.#tone = tone;
    parley.on('incomingCall', (ring) => this.#add(ring));
    call.subscribe(() => {
      this.#settle();
      this.#sound();
    });
  }

  /** Answers yes. True: the caller is waiting in the call. */
  async accept(ring: Ring): Promise<boolean> {
    this.#drop(ring);
    try {
      await ring.accept();
      return true;
    } catch (error) {
      this.#notices.info(words(error, { not_found: 'This call rings no longer.' }));
      return false;
    }
  }

  async decline(ring: Ring): Promise<void> {
    this.#drop(ring);
    // What rings no longer needs no answer.
    await ring.decline().catch(() => undefined);
  }

  #add(ring: Ring): void {
    ring.on('over', ({ reason }) => {
      if (!this.list.includes(ring)) return;
      this.#drop(ring);
      if (reason === 'elsewhere') this.#notices.info('You answered on another device.');
    });
    this.list = [...this.list, ring];
    this.#settle();
    this.#sound();
    this.changed();
  }

  /** Who is in the call has answered: this happens when two press "Call" at the same moment. */
  #settle(): void {
    for (const ring of this.list.filter((r) => this.#call.isIn(r.roomId))) {
      this.#drop(ring);
      void ring.accept().catch(() => undefined);
    }
  }

  #drop(ring: Ring): void {
    this.list = this.list.filter((r) => r !== ring);
    this.#sound();
    this.changed();
  }

  /** Somebody who is talking is not rung in the ear. */
  #sound(): void {
    const sounding = this.list.length > 0 && this.#call.phase === 'idle';
    if (sounding === this.#sounding) return;
    this.#sounding = sounding;
    if (sounding) this.#tone.play('incoming');
    else this.#tone.stop('incoming');
  }
}
