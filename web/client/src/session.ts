import { Backoff } from './backoff.ts';
import { closeCodes, comesBack } from './close_codes.ts';
import type { Credentials } from './credentials.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';
import { closedError, ParleyError } from './errors.ts';
import type { ConnectionState, Line, LineEvents, RequestOptions } from './line.ts';
import { Pulse } from './pulse.ts';
import { Receipts } from './receipts.ts';
import { type Request, Requests } from './requests.ts';
import { type Loss, Socket } from './socket.ts';
import type { Data, Frame, Welcome } from './wire.ts';

/** How long a socket may take from its credential to its `welcome`, in milliseconds. */
const openingMs = 10e3;

/** How long the server may take to hear of a socket that was given up, and let it take over, in milliseconds. */
const rivalMs = 60e3;

/** How long silence is taken, in seconds, where the server does not say. */
const heartbeatS = 25;

/** What a frame may have, in bytes, unless the server is told otherwise: a longer one would end the session (1009). */
const frameBytes = 65536;

/** What a session is made of. */
export interface SessionDeps {
  engine: Engine;
  /** The ws(s) address, without a query. */
  url: URL;
  credentials: Credentials;
}

/** A Line over one socket after the other. */
export class Session extends Emitter<LineEvents> implements Line {
  readonly #deps: SessionDeps;
  readonly #backoff: Backoff;
  readonly #receipts: Receipts;
  readonly #pulse: Pulse;
  readonly #requests = new Requests();
  readonly #unwatch: () => void;
  #state: ConnectionState = 'connecting';
  #socket: Socket | undefined; // the one that is heard
  #given: Socket[] = []; // given up, and perhaps open: it is the server that closes them
  #rivalsUntil = Number.NEGATIVE_INFINITY; // by the engine's clock
  #lastId = 0;
  #resumeToken: string | undefined;
  #settling: string | undefined; // the ping whose pong shows what never arrived
  #first = true;
  #slotMs: number | undefined; // the server's, for the next socket
  #hasty = false; // the pause is our own, and may be cut short
  #cancel: (() => void) | undefined; // of the pause, or of the time to open

  constructor(deps: SessionDeps) {
    super();
    this.#deps = deps;
    this.#backoff = new Backoff(deps.engine.random);
    this.#receipts = new Receipts(deps.engine, (n) => this.notify('received', { n }));
    this.#pulse = new Pulse(deps.engine, { ping: () => this.#ping(), dead: () => this.#takeOver() });
    this.#unwatch = deps.engine.watch(() => this.probe());
    this.#open();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  request(type: string, data: Data = {}, { roomId, resend = 'session' }: RequestOptions = {}): Promise<Data> {
    if (this.#state === 'closed') return Promise.reject(closedError());
    const id = this.#nextId();
    const text = encode({ type, id, ...(roomId !== undefined && { room_id: roomId }), data });
    if (text.length * 3 > frameBytes && new TextEncoder().encode(text).length > frameBytes) {
      return Promise.reject(new ParleyError({ code: 'message_too_long', message: 'over the size of a frame' }));
    }
    return new Promise((resolve, reject) => {
      this.#requests.add({ id, text, resend, resolve, reject });
      if (this.#state === 'open' && (resend === 'always' || !this.#settling)) this.#socket?.send(text);
    });
  }

  notify(type: string, data: Data = {}, { roomId }: { roomId?: number } = {}): void {
    if (this.#state === 'open')
      this.#socket?.send(encode({ type, ...(roomId !== undefined && { room_id: roomId }), data }));
  }

  probe(): void {
    if (this.#state === 'open') this.#pulse.probe();
    else if (this.#state === 'waiting' && this.#hasty) this.#open();
  }

  close(): void {
    this.#end(closedError());
  }

  #open(): void {
    this.#cancel?.();
    const { engine, credentials } = this.#deps;
    const socket: Socket = new Socket(
      { engine, credentials, address: (credential) => this.#address(credential.query) },
      { frame: (frame, size) => this.#hear(frame, size), lost: (loss) => this.#lose(loss) },
    );
    this.#socket = socket;
    this.#cancel = engine.after(openingMs, () => {
      this.#giveUp();
      this.#rivalsUntil = engine.now() + rivalMs;
      this.#lose({ code: closeCodes.lost, reason: 'no welcome' });
    });
    this.#become('connecting');
  }

  #address(query: Record<string, string>): URL {
    const url = new URL(this.#deps.url);
    const resume = this.#resumeToken && { resume: this.#resumeToken, received: String(this.#receipts.received) };
    url.search = new URLSearchParams({ ack: '1', ...query, ...resume }).toString();
    return url;
  }

  /** The old socket is as good as dead. A new one resumes the session beside it, whose frames count no more: they come again. */
  #takeOver(): void {
    this.#giveUp();
    this.#rest();
    this.#open();
  }

  #giveUp(): void {
    if (!this.#socket) return;
    this.#socket.abandon();
    this.#given.push(this.#socket);
  }

  /** The server closes those from which this session was taken over. In a new one they stand for nothing. */
  #forget(resumed: boolean): void {
    if (resumed) {
      this.#given = this.#given.filter((socket) => socket.open);
      return;
    }
    for (const socket of this.#given.splice(0)) socket.close();
    this.#rivalsUntil = Number.NEGATIVE_INFINITY;
  }

  #rest(): void {
    this.#pulse.stop();
    this.#receipts.pause();
    this.#socket = undefined;
    this.#settling = undefined;
  }

  #lose({ code, reason, retryAfterMs }: Loss): void {
    this.#cancel?.();
    this.#rest();
    // A socket that was given up may be heard by the server after its successor, and take over from that.
    const rival = code === closeCodes.replaced && this.#deps.engine.now() < this.#rivalsUntil;
    if (!comesBack(code) && !rival) {
      this.#end(refusal(code, reason));
      this.emit('closed', { code, reason });
      return;
    }
    if (rival) this.#rivalsUntil = Number.NEGATIVE_INFINITY; // once
    const asked = this.#slotMs ?? retryAfterMs;
    const retryInMs = asked ?? this.#backoff.next();
    this.#hasty = asked === undefined;
    this.#slotMs = undefined;
    this.#cancel = this.#deps.engine.after(retryInMs, () => this.#open());
    this.#become('waiting', retryInMs);
  }

  #end(e: ParleyError): void {
    if (this.#state === 'closed') return;
    this.#cancel?.();
    this.#unwatch();
    for (const socket of [...this.#given, this.#socket]) socket?.close();
    this.#rest();
    this.#requests.reject(() => true, e);
    this.#become('closed');
  }

  #hear(frame: Frame, size: number): void {
    this.#pulse.heard();
    if (frame.type !== 'welcome') this.#receipts.count(size);
    switch (frame.type) {
      case 'welcome':
        this.#welcome(frame.data as unknown as Welcome);
        break;
      case 'ack':
        this.#requests.take(frame.id)?.resolve(frame.data);
        break;
      case 'error':
        this.#requests.take(frame.id)?.reject(asError(frame.data));
        break;
      case 'pong':
        this.#settle(frame.id);
        break;
      case 'reconnect':
        this.#slotMs = Number(frame.data.retry_after_ms);
        break;
      default:
        this.emit('frame', frame);
    }
  }

  #welcome(data: Welcome): void {
    const first = this.#first;
    this.#cancel?.();
    this.#first = false;
    this.#resumeToken = data.resume_token;
    this.#receipts.restart();
    this.#backoff.reset();
    this.#forget(data.resumed);
    this.#slotMs = undefined;
    this.#state = 'open';
    this.#pulse.start((data.heartbeat_s || heartbeatS) * 1000);
    if (data.resumed) this.#settling = this.#ping();
    else if (!first) this.#requests.reject((r) => r.resend === 'session', closedError('the session is over'));
    const waiting = this.#requests.where((r) => r.resend === 'always' || !data.resumed);
    this.emit('welcome', { resumed: data.resumed, first, data });
    this.#write(waiting);
    if (this.#state === 'open') this.emit('state', { state: 'open' }); // nobody has closed it
  }

  /** What has no answer now has never reached the server. */
  #settle(pong: string | undefined): void {
    if (!this.#settling || pong !== this.#settling) return;
    this.#settling = undefined;
    this.#write(this.#requests.where((r) => r.resend !== 'always'));
  }

  #write(requests: Request[]): void {
    for (const request of requests) if (this.#requests.has(request)) this.#socket?.send(request.text);
  }

  #ping(): string {
    const id = this.#nextId();
    this.#socket?.send(encode({ type: 'ping', id }));
    return id;
  }

  #nextId(): string {
    return String(++this.#lastId);
  }

  #become(state: ConnectionState, retryInMs?: number): void {
    this.#state = state;
    this.emit('state', { state, ...(retryInMs !== undefined && { retryInMs }) });
  }
}

const encode = (frame: Partial<Frame>): string => JSON.stringify(frame);

function asError({ code, message, temporary, retry_after_ms: retryAfterMs, errors: fields }: Data): ParleyError {
  return new ParleyError({ code, message, temporary, retryAfterMs, fields } as ConstructorParameters<
    typeof ParleyError
  >[0]);
}

/** The error of what has no answer when the server ends the line. */
function refusal(code: number, reason: string): ParleyError {
  const codes: Record<number, string> = {
    [closeCodes.unauthenticated]: 'unauthenticated',
    [closeCodes.forbidden]: 'permission_denied',
  };
  return new ParleyError({ code: codes[code] ?? 'closed', message: reason });
}
