import { ParleyError } from './errors.ts';
import type { Timers } from './timers.ts';
import { Turn, type TurnWord } from './turn.ts';
import type { Data } from './wire.ts';

/** How long an offer may be without an answer before it is made again, in milliseconds: one of the two may be lost with a node. */
const answerMs = 15e3;

/** How long to wait, in milliseconds, where the server says "later" and not when. */
const laterMs = 1000;

/** What is negotiated by. */
export type Signaling = 'offer' | 'answer' | 'ice_candidate';

/** What a negotiation is made of. */
export interface NegotiationDeps {
  connection: RTCPeerConnection;
  timers: Timers;
  /** Brings something to the peer. Resolves with the server's ack. */
  relay(type: Signaling, data: Data): Promise<Data>;
  /** Tells the peer whose turn it is to offer. */
  say(word: TurnWord): void;
  /** Hears that an own offer was rolled back, and theirs was answered. */
  rolledBack(): Promise<void>;
  /** Hears of what the connection could not do. */
  failed(e: unknown): void;
}

/** A description or a candidate, as the server relays it. */
export type Relayed = Data & { from_epoch?: number };

/**
 * Perfect negotiation (W3C WebRTC, 10.7) with the server's roles and epochs. One thing is done after the other, so that the
 * connection's signaling state is the whole truth each time: there is no offer "being made" beside it.
 */
export class Negotiation {
  readonly #deps: NegotiationDeps;
  readonly #turn: Turn;
  #polite: boolean;
  #chain: Promise<unknown> = Promise.resolve();
  #mine = 0; // the epoch of one's own latest offer
  #theirs: number | undefined; // that of the last description of theirs that was set
  #needed = false;
  #awaited: boolean; // theirs is to be the first offer
  #paused = false;
  #described = 0; // how often we described ourselves
  #closed = false;

  /** `offers`: the first offer is ours. */
  constructor(deps: NegotiationDeps, { polite, offers }: { polite: boolean; offers: boolean }) {
    this.#deps = deps;
    this.#polite = polite;
    this.#awaited = !offers;
    const free = () => this.#enqueue(() => this.#offer());
    this.#turn = new Turn({ timers: deps.timers, say: (word) => deps.say(word), free }, polite);
  }

  /** The peer takes turns. */
  takesTurns(): void {
    this.#turn.shared();
  }

  /** The peer says whose turn it is. */
  turn(word: TurnWord): void {
    this.#enqueue(async () => this.#turn.heard(word, this.#stable));
  }

  /** Something has changed that the peer must agree to. */
  needed(): void {
    this.#needed = true;
    this.#enqueue(() => this.#offer());
  }

  /** An offer under way may be lost: makes one, whatever the state. */
  again(): void {
    this.#turn.over();
    this.#enqueue(() => this.#describe());
  }

  /** While paused no offer is made: there is nobody to bring it. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused && this.#needed) this.needed();
  }

  /** Goes on with the peer under another id: epochs begin anew. */
  renew(polite: boolean): void {
    this.#polite = polite;
    this.#turn.renew(polite);
    this.#mine = 0;
    this.#theirs = undefined;
    this.pause(false);
  }

  take(type: Signaling, data: Relayed): void {
    if (type === 'offer') this.#enqueue(() => this.#answer(data));
    else if (type === 'answer') this.#enqueue(() => this.#agree(data));
    else this.#enqueue(() => this.#add(data));
  }

  /** Sends a candidate of this side's, unless it belongs to a description that was rolled back. */
  gathered(candidate: RTCIceCandidate): void {
    if (!describes(this.#deps.connection.localDescription, candidate.usernameFragment)) return;
    this.#send('ice_candidate', () => ({ candidate: candidate.toJSON() }));
  }

  close(): void {
    this.#closed = true;
  }

  get #stable(): boolean {
    return this.#deps.connection.signalingState === 'stable';
  }

  #enqueue(step: () => Promise<void>): void {
    const unlessClosed = () => (this.#closed ? undefined : step());
    this.#chain = this.#chain.then(unlessClosed).catch((e: unknown) => this.#fail(e));
  }

  #fail(e: unknown): void {
    const gone = e instanceof ParleyError && ['closed', 'peer_not_found', 'not_in_call'].includes(e.code);
    if (!this.#closed && !gone) this.#deps.failed(e);
  }

  async #offer(): Promise<void> {
    if (this.#awaited || this.#paused) return;
    const now = this.#needed && this.#stable;
    if (now && !this.#turn.take()) return;
    this.#needed = false; // not stable: the browser says so again when it is
    if (now) await this.#describe();
    else this.#turn.giveBack();
  }

  async #answer({ sdp, from_epoch: epoch }: Relayed): Promise<void> {
    const { connection } = this.#deps;
    if (epoch !== undefined && this.#theirs !== undefined && epoch <= this.#theirs) return; // had that
    const glare = !this.#stable;
    this.#turn.over();
    if (glare && !this.#polite) return; // ours counts; the candidates of theirs are dropped below
    await connection.setRemoteDescription({ type: 'offer', sdp: String(sdp) }); // a polite peer's own is rolled back here
    this.#theirs = epoch;
    this.#awaited = false;
    this.#needed = false; // what the answer does not settle the browser asks for again
    await this.#describe();
    if (glare) await this.#deps.rolledBack();
  }

  async #agree({ sdp, from_epoch: epoch = this.#mine }: Relayed): Promise<void> {
    const { connection } = this.#deps;
    if (epoch < this.#mine || connection.signalingState !== 'have-local-offer') return; // to an offer that was replaced
    await connection.setRemoteDescription({ type: 'answer', sdp: String(sdp) });
    this.#theirs = epoch;
    this.#turn.settled();
  }

  async #add({ candidate, from_epoch: epoch }: Relayed): Promise<void> {
    const { connection } = this.#deps;
    if (epoch !== this.#theirs) return; // of an offer that was ignored, or of a negotiation that is over
    const init = candidate as RTCIceCandidateInit;
    if (describes(connection.remoteDescription, init?.usernameFragment)) await connection.addIceCandidate(init);
  }

  async #describe(): Promise<void> {
    const { connection, timers } = this.#deps;
    await connection.setLocalDescription();
    const { type } = connection.localDescription as RTCSessionDescription;
    const described = ++this.#described;
    this.#send(type as Signaling, () => ({ sdp: connection.localDescription?.sdp }));
    if (type === 'offer') timers.after(answerMs, () => this.#unanswered(described));
  }

  #unanswered(described: number): void {
    if (described !== this.#described || this.#deps.connection.signalingState !== 'have-local-offer') return;
    if (this.#paused) this.#deps.timers.after(answerMs, () => this.#unanswered(described));
    else this.again();
  }

  /** Sends; and again where the server could not just now. What was described meanwhile holds everything before it. */
  #send(type: Signaling, data: () => Data): void {
    const described = this.#described;
    this.#deps.relay(type, data()).then(
      ({ epoch }) => {
        if (type === 'offer') this.#mine = Number(epoch ?? 0);
      },
      (e: unknown) => {
        if (!(e instanceof ParleyError) || !e.temporary) {
          this.#fail(e);
          return;
        }
        this.#deps.timers.after(e.retryAfterMs ?? laterMs, () => {
          if (described === this.#described) this.#send(type, data);
        });
      },
    );
  }
}

/** Whether a description is of the ICE generation (RFC 8838, section 4) that a candidate names, if it does. */
const describes = (description: RTCSessionDescription | null, usernameFragment?: string | null): boolean =>
  !usernameFragment || (description?.sdp ?? '').includes(`a=ice-ufrag:${usernameFragment}`);
