import type { CallState } from '../wire.ts';
import type { Peer } from './peer.ts';

/** reconnecting: the signaling is lost, media goes on. */
export type CallStateName = 'idle' | 'joining' | 'joined' | 'reconnecting' | 'ended';

/** A room's call. */
export interface Call {
  readonly roomId: number;
  readonly state: CallStateName;
  /** One's own. */
  readonly peerId: string | undefined;
  readonly peers: ReadonlyMap<string, Peer>;
  readonly callState: CallState | undefined;
  readonly muted: { audio: boolean; video: boolean };
  /** Resolves when the server has let us in; peers follow as events. Rejects with `room_full`, `permission_denied`, … */
  join(options?: { stream?: MediaStream; iceTransportPolicy?: RTCIceTransportPolicy }): Promise<void>;
  leave(): void;
  /** Media to all peers, now and to come; again, when the stream has new tracks. `label` tells them what it is: `camera` (join's stream), `screen`, … */
  addStream(stream: MediaStream, label: string): void;
  removeStream(stream: MediaStream): void;
  /** Swaps one track for another of its kind, without a negotiation: another camera. */
  replaceTrack(old: MediaStreamTrack, track: MediaStreamTrack): Promise<void>;
  /** Sets `enabled` on the tracks of join's stream, and tells the peers. */
  mute(kind: 'audio' | 'video', muted: boolean): void;
  /** Tells one peer, or all, what the application wants. */
  signal(data: Record<string, unknown>, to?: Peer): Promise<void>;
  restartIce(): void;
  on<K extends keyof CallEvents>(event: K, listener: (e: CallEvents[K]) => void): () => void;
}

/** What happens in a call. */
export interface CallEvents {
  state: { state: CallStateName };
  /** A new peer; also each that was there. */
  peer: Peer;
  peerLeft: { peer: Peer; reason: string };
  callState: CallState;
  signal: { from: Peer; data: Record<string, unknown> };
  /** A stream of one's own was removed since all its tracks have ended: its sharing was stopped in the browser. */
  streamEnded: { stream: MediaStream; label: string };
  /** The call is over for us. `code`: the close code, 0 if `join` was refused. */
  ended: { code: number; reason: 'left' | 'replaced' | 'removed' | 'room_deleted' | 'signed_out' | 'refused' };
}
