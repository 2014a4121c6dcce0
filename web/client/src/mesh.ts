import { type Adoption, Adoptions, canAdopt, type Pair } from './adoptions.ts';
import type { Relayed, Signaling } from './negotiation.ts';
import { MeshPeer, type PeerDeps, type PeerIdentity } from './peer.ts';
import type { Timers } from './timers.ts';
import type { CallEvents } from './types/call.ts';
import type { CallParticipant, Data } from './wire.ts';

/** How long a connection is kept whose peer, or whose own side, is no longer in the call, in milliseconds. */
const heldMs = 60e3;

/** Emits an event of the call's. */
export type Tell = <K extends keyof CallEvents>(event: K, e: CallEvents[K]) => void;

/** What a mesh is made of. */
export interface MeshDeps extends PeerDeps {
  timers: Timers;
  tell: Tell;
  configuration(): RTCConfiguration;
}

/** Who is in the call, as `call_joined` lists it. */
export type Listed = CallParticipant & { peer_id: string; polite: boolean };

/** The other peers of a call: who comes, who goes, and whose connections outlive their signaling. */
export class Mesh {
  readonly peers = new Map<string, MeshPeer>();
  self: string | undefined;
  readonly #deps: MeshDeps;
  readonly #adoptions: Adoptions;
  readonly #held = new Map<MeshPeer, () => void>();

  constructor(deps: MeshDeps) {
    this.#deps = deps;
    this.#adoptions = new Adoptions(deps.timers, (a) => this.#refused(a));
  }

  /** Who is the same peer as before, on another node, goes on with those that are there still. All others begin anew. */
  joined(self: string, listed: Listed[]): void {
    const same = self === this.self;
    const there = new Set(same ? listed.map(({ peer_id: id }) => id) : []);
    this.#adoptions.clear();
    for (const peer of [...this.peers.values()]) if (!there.has(peer.id)) this.#lost(peer, 'timeout');
    this.self = self;
    for (const { peer_id: id, user_id: userId, username, polite } of listed) {
      const known = same && this.peers.get(id);
      if (known) known.renew();
      else this.arrived({ id, own: self, user: { id: userId, username }, polite }, same && !polite);
    }
    this.suspended(listed);
    this.pause(false);
  }

  /** A peer is there. `offers`: the first offer is ours. */
  arrived(who: PeerIdentity, offers: boolean): void {
    const held = [...this.#held.keys()].find(({ user }) => user.id === who.user.id);
    if (!held) {
      this.#add(who, offers);
      return;
    }
    const former = this.#adoptions.of(held);
    if (former) this.#adoptions.take(former.who.id); // whom this one follows
    this.#adoptions.begin({ held, who, asks: offers });
    if (!offers) return;
    this.#signal(who.id, { adopt: { yours: held.id, mine: held.own } }).catch(() => this.#adoptions.refuse(who.id));
  }

  left(id: string, reason: string): void {
    const adoption = this.#adoptions.take(id);
    if (adoption && reason !== 'timeout') this.#dismiss(adoption.held, reason);
    const peer = this.#current(id);
    if (peer) this.#lost(peer, reason);
  }

  /** Takes what another peer has sent. */
  take(type: Signaling, from: string, data: Relayed): void {
    if (type === 'offer') this.#adoptions.refuse(from); // it goes on without what is held
    const peer = this.#current(from);
    if (!peer) return;
    if (type === 'ice_candidate' || peer.fits(data.sdp)) peer.take(type, data);
    else if (type === 'offer') this.#follow(peer, data);
  }

  /** Takes what another of these clients says of itself. */
  hear(from: string, { about, turn, adopt, adopted }: Data): void {
    if (about !== undefined) this.peers.get(from)?.heard(about);
    if (turn !== undefined) this.#current(from)?.turn(turn);
    if (adopt !== undefined) this.#asked(from, (adopt ?? {}) as Pair);
    if (adopted === true) this.#adopt(from);
    else if (adopted !== undefined) this.#adoptions.refuse(from);
  }

  /** The peer as which the application knows who is behind an id. */
  find(id: string): MeshPeer | undefined {
    return this.peers.get(id) ?? this.#adoptions.get(id)?.held;
  }

  suspended(participants: CallParticipant[]): void {
    for (const { peer_id: id, state } of participants) this.#current(id)?.suspend(state === 'suspended');
  }

  /** While one's own signaling is lost there is no negotiation. */
  pause(paused: boolean): void {
    for (const peer of this.peers.values()) if (!this.#held.has(peer)) peer.pause(paused);
  }

  close(reason: string): void {
    this.#adoptions.clear();
    for (const peer of [...this.peers.values()]) this.#dismiss(peer, reason);
  }

  /** The peer with an id, unless that is its former one: it is held. */
  #current(id?: string): MeshPeer | undefined {
    const peer = this.peers.get(id ?? '');
    return peer && !this.#held.has(peer) ? peer : undefined;
  }

  #add(who: PeerIdentity, offers: boolean): void {
    const peer = new MeshPeer(this.#deps, who, { configuration: this.#deps.configuration(), offers });
    this.peers.set(who.id, peer);
    peer.on('state', ({ state }) => this.#changed(peer, state));
    this.#deps.tell('peer', peer);
  }

  /** The other side has begun anew, with another connection, and offers. */
  #follow(peer: MeshPeer, offer: Relayed): void {
    const { id, own, user, polite } = peer;
    this.#dismiss(peer, 'timeout');
    this.#add({ id, own, user, polite }, false);
    this.take('offer', id, offer);
  }

  #lost(peer: MeshPeer, reason: string): void {
    if (this.#held.has(peer)) return;
    if (reason === 'timeout' && peer.steady) this.#hold(peer);
    else this.#dismiss(peer, reason);
  }

  #hold(peer: MeshPeer): void {
    peer.pause(true);
    this.#held.set(
      peer,
      this.#deps.timers.after(heldMs, () => this.#giveUp(peer)),
    );
    peer.suspend(true);
  }

  #changed(peer: MeshPeer, state: MeshPeer['state']): void {
    if (!this.#held.has(peer) || state === 'connected' || state === 'closed') return;
    if (state === 'failed' || this.#adoptions.of(peer)?.asks) this.#giveUp(peer);
  }

  /** What is held has waited in vain. Its user may be there as another peer. */
  #giveUp(held: MeshPeer): void {
    const adoption = this.#adoptions.of(held);
    if (adoption) this.#adoptions.refuse(adoption.who.id);
    else this.#dismiss(held, 'timeout');
  }

  #refused({ held, who, asks }: Adoption): void {
    this.#dismiss(held, 'timeout');
    this.#add(who, asks);
  }

  #asked(from: string, pair: Pair): void {
    const adoption = this.#adoptions.get(from);
    const adopted = adoption !== undefined && canAdopt(adoption, pair);
    this.#signal(from, { adopted }).catch(() => {}); // they are gone, or offer when there is no answer
    if (adopted) this.#adopt(from);
    else if (adoption && !adoption.asks) this.#adoptions.refuse(from);
  }

  #adopt(id: string): void {
    const adoption = this.#adoptions.take(id);
    if (!adoption) return;
    const { held, who } = adoption;
    this.#release(held);
    held.adopt(who);
    this.peers.set(who.id, held);
  }

  #dismiss(peer: MeshPeer, reason: string): void {
    this.#release(peer);
    peer.close();
    this.#deps.tell('peerLeft', { peer, reason });
  }

  #release(peer: MeshPeer): void {
    this.#held.get(peer)?.();
    this.#held.delete(peer);
    this.peers.delete(peer.id);
  }

  #signal(to: string, parley: Data): Promise<Data> {
    return this.#deps.line.request('signal', { target_peer_id: to, parley });
  }
}
