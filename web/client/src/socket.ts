import { closeCodes } from './close_codes.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { Engine } from './engine.ts';
import { ParleyError } from './errors.ts';
import type { Data, Frame } from './wire.ts';

/** How a socket has ended, or why there was none. */
export interface Loss {
  code: number;
  reason: string;
  /** What the server asked for, in milliseconds. */
  retryAfterMs?: number;
}

/** Who hears of a socket. */
export interface SocketListener {
  /** `size`: of the frame's text, in UTF-16 units. */
  frame(frame: Frame, size: number): void;
  lost(loss: Loss): void;
}

/** What a socket is made of. */
export interface SocketDeps {
  engine: Engine;
  credentials: Credentials;
  /** The ws(s) address for a credential. */
  address(credential: Credential): URL;
}

/** One WebSocket, from its credential to its end. */
export class Socket {
  readonly #deps: SocketDeps;
  #listener: SocketListener | undefined;
  #ws: WebSocket | undefined;

  constructor(deps: SocketDeps, listener: SocketListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#open().catch((e: unknown) => this.#lose(refused(e)));
  }

  async #open(): Promise<void> {
    const { engine, credentials, address } = this.#deps;
    const credential = await credentials();
    if (!this.#listener) return; // given up meanwhile
    const ws = new engine.WebSocket(address(credential).href, credential.protocols);
    this.#ws = ws;
    ws.onmessage = ({ data }) => this.#listener?.frame(parse(data), data.length);
    ws.onclose = ({ code, reason }) => this.#lose({ code, reason });
  }

  #lose(loss: Loss): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.lost(loss);
  }

  /** Whether it is not closed, whoever hears of it. */
  get open(): boolean {
    return this.#ws !== undefined && this.#ws.readyState <= 1; // CONNECTING, OPEN
  }

  send(text: string): void {
    if (this.#ws?.readyState === 1) this.#ws.send(text); // OPEN
  }

  /**
   * Hears no more of it. An open socket stays open, for a close frame would end the session that another socket is to take over.
   */
  abandon(): void {
    this.#listener = undefined;
    if (this.#ws?.readyState === 0) this.#ws.close(); // CONNECTING: there is no close frame yet
  }

  /** Leaves: the session ends. */
  close(): void {
    this.#listener = undefined;
    this.#ws?.close(closeCodes.normal);
  }
}

function parse(text: string): Frame {
  const { data = {}, ...rest } = JSON.parse(text) as Omit<Frame, 'data'> & { data?: Data };
  return { ...rest, data };
}

/** Why there is no credential. A token that is no good is as good as a socket that was closed for it. */
function refused(e: unknown): Loss {
  if (!(e instanceof ParleyError)) return { code: closeCodes.lost, reason: String(e) };
  const code = e.code === 'unauthenticated' ? closeCodes.unauthenticated : closeCodes.lost;
  return { code, reason: e.message, ...(e.retryAfterMs !== undefined && { retryAfterMs: e.retryAfterMs }) };
}
