import type { OutgoingRing, Parley, User } from 'parley-client';
import type { Notices } from '../notices.ts';
import type { Tone } from '../tone.ts';
import { words } from '../words.ts';
import { Store } from './store.ts';

/** The user's own ringing for others, while nobody has come. */
export class Calling extends Store {
  active = false;
  readonly #parley: Parley;
  readonly #notices: Notices;
  readonly #tone: Tone;
  #ring: OutgoingRing | undefined;
  #attempt = 0;

  constructor(parley: Parley, notices: Notices, tone: Tone) {
    super();
    this.#parley = parley;
    this.#notices = notices;
    this.#tone = tone;
  }

  /** Rings for everybody else in the room. */
  async ring(roomId: number): Promise<void> {
    const attempt = ++this.#attempt;
    this.#become(true);
    try {
      const ring = await this.#parley.room(roomId).ring();
      if (attempt !== this.#attempt) return void ring.cancel().catch(() => undefined);
      this.#ring = ring;
      ring.on('declined', (user) => this.#notices.info(`${nameOf(user)} declined the call.`));
      ring.on('accepted', () => this.answered());
      ring.on('over', ({ reason }) => {
        if (attempt !== this.#attempt) return;
        if (reason === 'expired') this.#notices.info('Nobody answered. They will see that you called.');
        this.answered();
      });
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.answered();
      this.#notices.info(
        words(error, { not_found: 'You are alone in this room. Invite somebody, and they can join.' }),
      );
    }
  }

  /** Somebody is here or coming: it rings on for the rest, but nobody needs to be told of it. */
  answered(): void {
    if (this.active) this.#become(false);
  }

  /** Ends the ringing: for those who did not answer it is a missed call. */
  stop(): void {
    this.#attempt++;
    // An invite that rings for nobody any more cannot be cancelled, and need not be.
    void this.#ring?.cancel().catch(() => undefined);
    this.#ring = undefined;
    this.answered();
  }

  #become(active: boolean): void {
    this.active = active;
    if (active) this.#tone.play('outgoing');
    else this.#tone.stop('outgoing');
    this.changed();
  }
}

function nameOf(user: User): string {
  return user.display_name || user.username;
}
