import { readAbout } from './about.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import { ParleyError } from './errors.ts';
import type { Line } from './line.ts';
import { Negotiation, type Relayed, type Signaling } from './negotiation.ts';
import type { OwnMedia } from './own_media.ts';
import { Meter } from './quality.ts';
import { Recovery } from './recovery.ts';
import { type LabelledStream, RemoteMedia } from './remote_media.ts';
import { Senders } from './senders.ts';
import { Timers } from './timers.ts';
import type { Peer, PeerEvents, Quality } from './types/peer.ts';
import type { Data } from './wire.ts';

/** The data channel that both sides make: of one that is announced (RFC 8832) Chromium now and then does not say that it is open. */
const channelLabel = 'parley';
const agreed: RTCDataChannelInit = { negotiated: true, id: 0 };

/** Whether a description has room for data channels (RFC 8841). */
const hasData = (sdp: unknown): boolean => /^m=application /m.test(String(sdp));

/** How long to wait, in milliseconds, until the peer is told again what could not be brought to it. */
const tellMs = 1000;

/** What all peers of a call are made of. */
export interface PeerDeps {
  engine: Engine;
  line: Line;
  media: OwnMedia;
}

/** Who a peer is. */
export interface PeerIdentity {
  id: string;
  /** One's own peer id as this one knows it. */
  own: string;
  user: { id: number; username: string };
  /** One's own role towards it. */
  polite: boolean;
}

/** Somebody else in the call, with one peer connection for as long as it is. */
export class MeshPeer extends Emitter<PeerEvents> implements Peer {
  readonly user: Peer['user'];
  readonly connection: RTCPeerConnection;
  id: string;
  own: string;
  polite: boolean;
  channel: RTCDataChannel | undefined;
  suspended = false;
  readonly #deps: PeerDeps;
  readonly #timers: Timers;
  readonly #negotiation: Negotiation;
  readonly #recovery: Recovery;
  readonly #senders: Senders;
  readonly #remote: RemoteMedia;
  readonly #meter: Meter;
  readonly #began: number;
  #origin: string | undefined; // of the other's descriptions
  #state: Peer['state'] = 'connecting';
  #reported = false; // how long it took
  #cancelTell: (() => void) | undefined;

  /** `offers`: the first offer is ours, not theirs. */
  constructor(deps: PeerDeps, who: PeerIdentity, how: { configuration: RTCConfiguration; offers: boolean }) {
    super();
    const { engine, media } = deps;
    this.#deps = deps;
    this.user = who.user;
    this.id = who.id;
    this.own = who.own;
    this.polite = who.polite;
    this.#began = engine.now();
    const connection = new engine.RTCPeerConnection(how.configuration);
    const timers = new Timers(engine);
    this.connection = connection;
    this.#timers = timers;
    this.#negotiation = new Negotiation(
      {
        connection,
        timers,
        relay: (type, data) => this.#relay(type, type === 'ice_candidate' ? data : { ...data, about: media.about }),
        rolledBack: () => this.#senders.attach(),
        say: (turn) => this.#say({ turn }),
        failed: (error) => this.emit('error', { error }),
      },
      { polite: who.polite, offers: how.offers },
    );
    this.#recovery = new Recovery({ timers, engine, restart: () => connection.restartIce() });
    this.#senders = new Senders(connection);
    this.#meter = new Meter(engine.now);
    this.#remote = new RemoteMedia({
      stream: (s) => this.emit('stream', s),
      streamRemoved: (s) => this.emit('streamRemoved', s),
      muted: (m) => this.emit('muted', m),
    });
    this.#listen();
    if (!who.polite) this.#openChannel(); // the polite side does when the other's offer has room for it
    this.sync();
  }

  get state(): Peer['state'] {
    return this.#state;
  }
  get muted(): Peer['muted'] {
    return this.#remote.muted;
  }
  get streams(): ReadonlyMap<string, LabelledStream> {
    return this.#remote.streams;
  }

  /** Whether the connection works and both sides agree what it is: it can go on without signaling. */
  get steady(): boolean {
    return this.connection.connectionState === 'connected' && this.connection.signalingState === 'stable';
  }

  send(data: string | ArrayBuffer): boolean {
    if (this.channel?.readyState !== 'open') return false;
    this.channel.send(data as string); // the overloads of send are not one
    return true;
  }

  quality(): Promise<Quality> {
    return this.#meter.measure(this.connection);
  }

  /** Sends what is to be sent now. */
  sync(): void {
    this.#senders.sync(this.#deps.media.streams);
  }

  replaceTrack(old: MediaStreamTrack, track: MediaStreamTrack): Promise<void> {
    return this.#senders.replace(old, track);
  }

  /** Tells what is muted, and what the streams are, as soon as the server can bring it. */
  tell(): void {
    this.#relay('signal', { parley: { about: this.#deps.media.about } }).catch((e: unknown) => {
      if (!(e instanceof ParleyError) || !e.temporary) return; // they are gone, or are told in the next session
      this.#cancelTell?.();
      this.#cancelTell = this.#timers.after(e.retryAfterMs ?? tellMs, () => this.tell());
    });
  }

  heard(about: unknown): void {
    const read = readAbout(about);
    if (!read) return;
    this.#negotiation.takesTurns();
    this.#remote.about(read);
  }

  /** The peer says whose turn it is to offer. */
  turn(word: unknown): void {
    if (word === 'ask' || word === 'yours' || word === 'back') this.#negotiation.turn(word);
  }

  /** Whether a description is one of the connection that this one is with (RFC 8829, section 5.2.1: its session id stays). */
  fits(sdp: unknown): boolean {
    const origin = /^o=\S+ (\S+)/m.exec(String(sdp))?.[1];
    this.#origin ??= origin;
    return origin === undefined || origin === this.#origin;
  }

  take(type: Signaling, data: Relayed): void {
    if (type !== 'ice_candidate') this.heard(data.about);
    if (type === 'offer' && hasData(data.sdp)) this.#openChannel();
    this.#negotiation.take(type, data);
  }

  /** While there is nobody to bring offers to, none are made. */
  pause(paused: boolean): void {
    this.#negotiation.pause(paused);
  }

  suspend(suspended: boolean): void {
    if (suspended === this.suspended) return;
    this.suspended = suspended;
    this.emit('suspended', { suspended });
  }

  /** Goes on under other ids, with other roles. */
  adopt({ id, own, polite }: PeerIdentity): void {
    this.id = id;
    this.own = own;
    this.polite = polite;
    this.#negotiation.renew(polite);
    this.tell();
    this.suspend(false);
  }

  restartIce(): void {
    this.connection.restartIce();
  }

  /** What was under way to or from the peer may be lost. */
  renew(): void {
    this.tell();
    if (this.steady) return;
    if (this.connection.connectionState !== 'connected') this.connection.restartIce();
    this.#negotiation.again();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#timers.end();
    this.#negotiation.close();
    this.connection.close(); // of which no event tells
    this.#report('closed');
    this.#become('closed');
  }

  #listen(): void {
    const { connection } = this;
    connection.addEventListener('negotiationneeded', () => this.#negotiation.needed());
    connection.addEventListener('icecandidate', ({ candidate }) => candidate && this.#negotiation.gathered(candidate));
    connection.addEventListener('connectionstatechange', () => this.#changed(connection.connectionState));
    connection.addEventListener('track', ({ track, streams }) => this.#remote.add(track, streams[0]));
  }

  #openChannel(): void {
    if (this.channel) return;
    const channel = this.connection.createDataChannel(channelLabel, agreed);
    this.channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }) => this.emit('data', data));
    channel.addEventListener('open', () => this.emit('channel', channel));
  }

  #say(parley: Data): void {
    this.#relay('signal', { parley }).catch(() => {});
  }

  #relay(type: string, data: Data): Promise<Data> {
    return this.#deps.line.request(type, { target_peer_id: this.id, ...data });
  }

  #changed(state: RTCPeerConnectionState): void {
    this.#recovery.changed(state);
    if (state === 'connected') this.#connected();
    if (state === 'failed') this.#report(state);
    this.#become(state === 'new' ? 'connecting' : state);
  }

  #become(state: Peer['state']): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', { state });
  }

  /** Reports the first time how long it took, and each time how it goes. */
  async #connected(): Promise<void> {
    const ms = this.#deps.engine.now() - this.#began;
    const first = !this.#reported;
    this.#reported = true;
    const { localCandidateType, remoteCandidateType, protocol } = await new Meter(() => 0).measure(this.connection);
    const path = { local_candidate_type: localCandidateType, remote_candidate_type: remoteCandidateType, protocol };
    if (this.#state === 'connected') this.#report('connected', { ...(first && { ms }), ...path });
  }

  #report(state: 'connected' | 'failed' | 'closed', more: Data = {}): void {
    this.#deps.line.notify('peer_state', { peer_id: this.id, state, ...more });
  }
}
