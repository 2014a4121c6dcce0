import type { Timers } from './timers.ts';

/** How long a turn is lent, and how long an answer to a wish for it is waited for, in milliseconds: words are lost with a node. */
const lentMs = 15e3;
const askMs = 5e3;

/** What two sides say of whose turn it is: may I, you may, I need it no more. */
export type TurnWord = 'ask' | 'yours' | 'back';

/** What a turn is made of. */
export interface TurnDeps {
  timers: Timers;
  say(word: TurnWord): void;
  /** It is this side's turn: what is to be offered can be. */
  free(): void;
}

/**
 * Whose turn it is to make an offer, between two of these clients: the impolite side's, which lends it to the other when that
 * asks. So their offers do not cross, and none is rolled back: a browser may lose what it receives with it (Chromium 148
 * decodes on, and shows no frame any more). It is a courtesy above perfect negotiation, which holds without it: for other
 * clients, and when a word is lost.
 */
export class Turn {
  readonly #deps: TurnDeps;
  #polite: boolean;
  #known = false; // that the other side does the same
  #mine = false; // the polite side's: it was lent to us
  #owed = false; // the impolite side's: it is to be lent
  #asking: (() => void) | undefined;
  #lent: (() => void) | undefined;

  constructor(deps: TurnDeps, polite: boolean) {
    this.#deps = deps;
    this.#polite = polite;
  }

  /** The other side knows of turns. */
  shared(): void {
    this.#known = true;
  }

  /** Takes the turn for one offer. If it is not to be had now, `free` tells when it is. */
  take(): boolean {
    if (!this.#known) return true;
    if (!this.#polite) return !this.#lent;
    if (!this.#mine) this.#ask();
    return this.#release();
  }

  /** There is nothing to offer after all. */
  giveBack(): void {
    if (this.#release()) this.#deps.say('back');
  }

  /** The other side says something. `stable`: nothing is being negotiated. */
  heard(word: TurnWord, stable: boolean): void {
    if (word === 'ask' && !this.#polite) {
      this.#owed = true;
      if (stable) this.settled();
    } else if (word === 'back') {
      this.over();
      this.#deps.free();
    } else if (word === 'yours' && this.#polite) {
      this.#mine = true;
      this.#asked();
      this.#deps.free();
    }
  }

  /** Nothing is being negotiated any more. */
  settled(): void {
    if (!this.#owed) return;
    this.over();
    this.#owed = false;
    this.#lent = this.#deps.timers.after(lentMs, () => this.heard('back', true));
    this.#deps.say('yours');
  }

  /** What was lent is back. */
  over(): void {
    this.#lent?.();
    this.#lent = undefined;
  }

  /** Begins anew, in a role. */
  renew(polite: boolean): void {
    this.#polite = polite;
    this.#owed = false;
    this.#mine = false;
    this.#asked();
    this.over();
  }

  #ask(): void {
    if (this.#asking) return;
    this.#asking = this.#deps.timers.after(askMs, () => {
      this.#asked();
      this.#deps.free(); // and ask again, if there still is something
    });
    this.#deps.say('ask');
  }

  #asked(): void {
    this.#asking?.();
    this.#asking = undefined;
  }

  #release(): boolean {
    const mine = this.#mine;
    this.#mine = false;
    return mine;
  }
}
