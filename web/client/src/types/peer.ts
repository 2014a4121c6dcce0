/** Somebody else in a call, and the connection with them. */
export interface Peer {
  /** May change when a call survives a server's restart. */
  readonly id: string;
  readonly user: { id: number; username: string };
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
  /** Their signaling is lost; media may go on. */
  readonly suspended: boolean;
  readonly muted: { audio: boolean; video: boolean };
  /** By the stream's id. */
  readonly streams: ReadonlyMap<string, { stream: MediaStream; label: string }>;
  readonly connection: RTCPeerConnection;
  /** `parley`: reliable, ordered. */
  readonly channel: RTCDataChannel | undefined;
  /** Over the data channel; false: it is not open. */
  send(data: string | ArrayBuffer): boolean;
  quality(): Promise<Quality>;
  on<K extends keyof PeerEvents>(event: K, listener: (e: PeerEvents[K]) => void): () => void;
}

/** What happens with a peer. */
export interface PeerEvents {
  state: { state: Peer['state'] };
  suspended: { suspended: boolean };
  stream: { stream: MediaStream; label: string };
  streamRemoved: { stream: MediaStream; label: string };
  muted: { audio: boolean; video: boolean };
  /** The data channel is open. */
  channel: RTCDataChannel;
  data: string | ArrayBuffer;
  /** What the connection could not do: for a log. */
  error: { error: unknown };
}

/** How good a connection is. */
export interface Quality {
  /** host, srflx, prflx or relay. */
  localCandidateType?: string;
  remoteCandidateType?: string;
  /** udp or tcp. */
  protocol?: string;
  roundTripMs?: number;
  sendBitsPerSecond: number;
  receiveBitsPerSecond: number;
  /** Of the packets that were to be received, 0…1. */
  lostShare?: number;
}
