import type { Data, Frame, Welcome } from './wire.ts';

/** connecting: under way; waiting: lost, and will try again; closed: for good. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closed';

/** What a line tells. */
export interface LineEvents {
  /** All that the server says but `welcome`, `ack`, `error`, `pong` and `reconnect`. */
  frame: Frame;
  /** On each new socket. `first`: the line never was open before. */
  welcome: { resumed: boolean; first: boolean; data: Welcome };
  state: { state: ConnectionState; retryInMs?: number };
  /** The server has ended it for good. Nothing follows. */
  closed: { code: number; reason: string };
}

/**
 * When a request that was under way as its socket was lost is sent again.
 * - `session`: in the same session, once the server's `pong` shows that it never arrived. A new session rejects it: `closed`.
 * - `settled`: likewise, and in a new session at once.
 * - `always`: at once on each new socket. For what may be done twice.
 */
export type Resend = 'session' | 'settled' | 'always';

/** How a request is made. `resend` is `session` where it is not given. */
export interface RequestOptions {
  roomId?: number;
  resend?: Resend;
}

/** A session with the server that outlives its sockets. */
export interface Line {
  readonly state: ConnectionState;
  /** Resolves with the ack's data, rejects with a ParleyError. What is asked while there is no socket waits for one. */
  request(type: string, data?: Data, options?: RequestOptions): Promise<Data>;
  /** Says what needs no answer. It is dropped unless the line is open. */
  notify(type: string, data?: Data, options?: { roomId?: number }): void;
  /** Asks whether the server is there. If it does not answer soon, a new socket takes over from the old. */
  probe(): void;
  /** Ends the session. What has no answer is rejected: `closed`. */
  close(): void;
  on<K extends keyof LineEvents>(event: K, listener: (e: LineEvents[K]) => void): () => void;
}
