import type { MeshPeer, PeerIdentity } from './peer.ts';
import type { Timers } from './timers.ts';

/** How long the other side may take to answer, in milliseconds: one that knows nothing of adoptions never does. */
const answerMs = 3000;

/** A connection that has outlived its signaling, and the peer with whom it may go on. */
export interface Adoption {
  held: MeshPeer;
  who: PeerIdentity;
  /** This side asks; the other answers, or offers. */
  asks: boolean;
}

/** The pair of ids under which the asking side knows a connection; `yours` is of the side that is asked. */
export interface Pair {
  yours?: unknown;
  mine?: unknown;
}

/** The adoptions that are under way, by the peer's new id. */
export class Adoptions {
  readonly #timers: Timers;
  readonly #refused: (a: Adoption) => void;
  readonly #underWay = new Map<string, { adoption: Adoption; cancel: () => void }>();

  /** `refused` hears of those that come to nothing. */
  constructor(timers: Timers, refused: (a: Adoption) => void) {
    this.#timers = timers;
    this.#refused = refused;
  }

  begin(adoption: Adoption): void {
    const { id } = adoption.who;
    const cancel = adoption.asks ? this.#timers.after(answerMs, () => this.refuse(id)) : () => {};
    this.#underWay.set(id, { adoption, cancel });
  }

  get(id: string): Adoption | undefined {
    return this.#underWay.get(id)?.adoption;
  }

  /** The one with this connection. */
  of(held: MeshPeer): Adoption | undefined {
    return [...this.#underWay.values()].find(({ adoption }) => adoption.held === held)?.adoption;
  }

  /** Takes the one that is settled. */
  take(id: string): Adoption | undefined {
    const found = this.#underWay.get(id);
    found?.cancel();
    this.#underWay.delete(id);
    return found?.adoption;
  }

  refuse(id: string): void {
    const adoption = this.take(id);
    if (adoption) this.#refused(adoption);
  }

  clear(): void {
    for (const id of [...this.#underWay.keys()]) this.take(id);
  }
}

/** Whether a side that is asked has the very connection that is meant, and it can go on. */
export const canAdopt = ({ held, asks }: Adoption, { yours, mine }: Pair): boolean =>
  !asks && held.own === yours && held.id === mine && held.steady;
