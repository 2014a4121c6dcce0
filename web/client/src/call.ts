import type { CallDeps, CallFactory } from './calls.ts';
import { Emitter } from './emitter.ts';
import { closedError, type ParleyError } from './errors.ts';
import { camera, OwnMedia } from './own_media.ts';
import { type Ending, Part } from './part.ts';
import type { Call, CallEvents, CallStateName } from './types/call.ts';
import type { Peer } from './types/peer.ts';
import type { CallState } from './wire.ts';

/** How a call is joined. */
type JoinOptions = NonNullable<Parameters<Call['join']>[0]>;

/** A way to settle what `join` promised. */
interface Joining {
  promise: Promise<void>;
  resolve(): void;
  reject(e: ParleyError): void;
}

/** A room's call, which may be joined, left and joined again. */
class RoomCall extends Emitter<CallEvents> implements Call {
  readonly roomId: number;
  readonly #deps: CallDeps;
  readonly #media: OwnMedia;
  #part: Part | undefined;
  #joining: Joining | undefined;
  #unwatch = () => {};
  #state: CallStateName = 'idle';

  constructor(deps: CallDeps) {
    super();
    this.#deps = deps;
    this.roomId = deps.roomId;
    this.#media = new OwnMedia((stream, label) => {
      this.removeStream(stream);
      this.emit('streamEnded', { stream, label });
    });
  }

  get state(): CallStateName {
    return this.#state;
  }
  get peerId(): string | undefined {
    return this.#part?.mesh.self;
  }
  get peers(): ReadonlyMap<string, Peer> {
    return this.#part?.mesh.peers ?? new Map();
  }
  get callState(): CallState | undefined {
    return this.#part?.callState;
  }
  get muted(): Call['muted'] {
    return { ...this.#media.muted };
  }

  join({ stream, iceTransportPolicy: policy }: JoinOptions = {}): Promise<void> {
    if (this.#deps.closed()) return Promise.reject(closedError());
    if (stream) this.addStream(stream, camera);
    if (!this.#joining) this.#begin(policy);
    return (this.#joining as unknown as Joining).promise;
  }

  leave(): void {
    this.#part?.leave();
  }

  addStream(stream: MediaStream, label: string): void {
    this.#media.add(stream, label);
    this.#send();
  }

  removeStream(stream: MediaStream): void {
    this.#media.remove(stream);
    this.#send();
  }

  async replaceTrack(old: MediaStreamTrack, track: MediaStreamTrack): Promise<void> {
    if (this.#media.replace(old, track)) await Promise.all(this.#each().map((peer) => peer.replaceTrack(old, track)));
  }

  mute(kind: 'audio' | 'video', muted: boolean): void {
    this.#media.mute(kind, muted);
    for (const peer of this.#each()) peer.tell();
  }

  signal(data: Record<string, unknown>, to?: Peer): Promise<void> {
    return this.#part?.signal(data, to?.id) ?? Promise.reject(closedError('not in the call'));
  }

  restartIce(): void {
    for (const peer of this.#each()) peer.restartIce();
  }

  #each() {
    return [...(this.#part?.mesh.peers.values() ?? [])];
  }

  #send(): void {
    for (const peer of this.#each()) peer.sync();
    for (const peer of this.#each()) peer.tell(); // a label may be all that is new
  }

  #begin(policy: RTCIceTransportPolicy | undefined): void {
    this.#joining = promised();
    this.#unwatch = this.#deps.engine.watch((change) => change === 'network' && this.restartIce());
    this.#part = new Part({
      ...this.#deps,
      media: this.#media,
      policy,
      tell: (event, e) => this.emit(event, e),
      became: (state) => {
        if (state === 'joined') this.#joining?.resolve();
        this.#become(state);
      },
      over: (ending, error) => this.#over(ending, error),
    });
    this.#become('joining');
  }

  #over(ending: Ending, error: ParleyError): void {
    const joining = this.#joining;
    this.#unwatch();
    this.#part = undefined;
    this.#joining = undefined;
    this.#media.clear();
    this.#become('ended');
    this.emit('ended', ending);
    joining?.reject(error); // nothing, if it was kept
  }

  #become(state: CallStateName): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', { state });
  }
}

function promised(): Joining {
  const joining = {} as Joining;
  joining.promise = new Promise((resolve, reject) => Object.assign(joining, { resolve, reject }));
  return joining;
}

/** Makes a room's call. */
export const newCall: CallFactory = (deps) => new RoomCall(deps);
