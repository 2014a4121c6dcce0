import type { Peer, Quality } from 'parley-client';
import { Store } from './store.ts';

export type Grade = 'good' | 'fair' | 'poor' | 'unknown';

/** How often the connections are looked at, in ms. */
const every = 2_000;

/** What is bad enough to be heard: round trips in ms, and the share of packets lost (ITU-T G.114 asks for 150 ms one way). */
const limits = { fair: { trip: 200, lost: 0.02 }, poor: { trip: 400, lost: 0.08 } };

/** Grades a measurement. */
export function grade(peer: Peer, quality: Quality | undefined): Grade {
  if (peer.state === 'failed' || peer.state === 'disconnected') return 'poor';
  if (peer.state !== 'connected' || !quality) return 'unknown';
  const worse = (limit: { trip: number; lost: number }) =>
    (quality.roundTripMs ?? 0) > limit.trip || (quality.lostShare ?? 0) > limit.lost;
  if (worse(limits.poor)) return 'poor';
  return worse(limits.fair) ? 'fair' : 'good';
}

/** The quality of the connections of one call, measured every 2 s. */
export class QualityWatch extends Store {
  readonly #peers: () => Iterable<Peer>;
  readonly #timer: ReturnType<typeof setInterval>;
  #latest = new Map<Peer, Quality>();

  constructor(peers: () => Iterable<Peer>) {
    super();
    this.#peers = peers;
    this.#timer = setInterval(() => void this.#measure(), every);
  }

  of(peer: Peer): Quality | undefined {
    return this.#latest.get(peer);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #measure(): Promise<void> {
    const measured = await Promise.all([...this.#peers()].map(async (peer) => [peer, await peer.quality()] as const));
    this.#latest = new Map(measured);
    this.changed();
  }
}
