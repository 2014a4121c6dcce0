import type { Quality } from './types/peer.ts';

// The identifiers that are used (W3C webrtc-stats), in one shape for all kinds.
type Stats = Record<string, number | string | boolean | undefined> & { type: string };

interface Sample {
  at: number; // milliseconds, by the engine's clock
  sent: number; // bytes, as are
  received: number;
  packets: number; // received
  lost: number;
}

/** Measures a connection: rates are those since the last time, or since the beginning. */
export class Meter {
  readonly #now: () => number;
  #last: Sample;

  constructor(now: () => number) {
    this.#now = now;
    this.#last = { at: now(), sent: 0, received: 0, packets: 0, lost: 0 };
  }

  /** Never rejects: of what the browser does not tell nothing is said. */
  async measure(connection: RTCPeerConnection): Promise<Quality> {
    const report = await connection.getStats().catch(() => new Map());
    const stats = new Map<string, Stats>([...(report as Map<string, Stats>)]);
    const pair = selectedPair(stats);
    return { ...path(stats, pair), ...this.#rates(stats, pair) };
  }

  #rates(stats: Map<string, Stats>, pair: Stats | undefined): Quality {
    const last = this.#last;
    const inbound = [...stats.values()].filter(({ type }) => type === 'inbound-rtp');
    const sum = (name: string) => inbound.reduce((total, s) => total + count(s[name]), 0);
    const next = {
      at: this.#now(),
      sent: count(pair?.bytesSent),
      received: count(pair?.bytesReceived),
      packets: sum('packetsReceived'),
      lost: sum('packetsLost'),
    };
    this.#last = next;
    const rate = (bytes: number) => (next.at > last.at ? Math.max(0, (bytes * 8000) / (next.at - last.at)) : 0);
    const lost = Math.max(0, next.lost - last.lost);
    const expected = lost + Math.max(0, next.packets - last.packets);
    return {
      sendBitsPerSecond: rate(next.sent - last.sent), // another pair counts from 0
      receiveBitsPerSecond: rate(next.received - last.received),
      ...(expected > 0 && { lostShare: lost / expected }),
    };
  }
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The pair in use: the transport names it, or where there are no transports (Firefox) the pair says so itself. */
function selectedPair(stats: Map<string, Stats>): Stats | undefined {
  const all = [...stats.values()];
  const named = all.find(({ type, selectedCandidatePairId: id }) => type === 'transport' && id !== undefined);
  if (named) return stats.get(String(named.selectedCandidatePairId));
  const pairs = all.filter(({ type, state }) => type === 'candidate-pair' && state === 'succeeded');
  return pairs.find(({ selected }) => selected) ?? pairs.find(({ nominated }) => nominated);
}

function path(stats: Map<string, Stats>, pair: Stats | undefined): Partial<Quality> {
  const local = stats.get(String(pair?.localCandidateId));
  const remote = stats.get(String(pair?.remoteCandidateId));
  const text = (name: string, value: unknown) => (typeof value === 'string' ? { [name]: value } : {});
  return {
    ...text('localCandidateType', local?.candidateType),
    ...text('remoteCandidateType', remote?.candidateType),
    ...text('protocol', local?.protocol),
    ...(typeof pair?.currentRoundTripTime === 'number' && { roundTripMs: pair.currentRoundTripTime * 1000 }),
  };
}
