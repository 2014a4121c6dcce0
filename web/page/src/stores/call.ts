import type { Call, Parley, Peer } from 'parley-client';
import { chooseDevices, chosenDevices, deviceName, type Kind, openMedia, openScreen, stopTracks } from '../media.ts';
import type { Notices } from '../notices.ts';
import type { Tone } from '../tone.ts';
import { callEnded, deviceWords, lostDevice, words } from '../words.ts';
import { Calling } from './calling.ts';
import { LocalMedia } from './local-media.ts';
import { QualityWatch } from './quality.ts';
import { Store } from './store.ts';

/** asking: for camera and microphone. refused: the browser gave neither, the user decides. */
export type CallPhase = 'idle' | 'asking' | 'refused' | 'joining' | 'on';

/** Everything that one call has while it is joined. */
interface Joined {
  call: Call;
  media: LocalMedia;
  quality: QualityWatch;
  stop: (() => void)[];
}

/** The one call that the user is in, or is about to be. */
export class CallStore extends Store {
  phase: CallPhase = 'idle';
  roomId: number | undefined;
  /** Why the browser gave neither camera nor microphone. */
  refusal = '';
  screen: MediaStream | undefined;
  /** The room's chat is shown with the call. On a phone there is room for one of them. */
  chatShown = matchMedia('(min-width: 60rem)').matches;
  speaker = chosenDevices().speaker;
  readonly calling: Calling;
  readonly #parley: Parley;
  readonly #notices: Notices;
  readonly #policy: RTCIceTransportPolicy | undefined;
  #joined: Joined | undefined;
  /** Counts attempts: what belongs to one that was given up is dropped. */
  #attempt = 0;
  #ringing = false;
  /** The browser lets the user choose a screen. */
  #choosing = false;

  constructor(parley: Parley, notices: Notices, tone: Tone, policy: RTCIceTransportPolicy | undefined) {
    super();
    this.#parley = parley;
    this.#notices = notices;
    this.#policy = policy;
    this.calling = new Calling(parley, notices, tone);
  }

  get call(): Call | undefined {
    return this.#joined?.call;
  }

  get media(): LocalMedia | undefined {
    return this.#joined?.media;
  }

  get quality(): QualityWatch | undefined {
    return this.#joined?.quality;
  }

  get peers(): Peer[] {
    return [...(this.call?.peers.values() ?? [])];
  }

  isIn(roomId: number): boolean {
    return this.roomId === roomId;
  }

  /** Joins the room's call, and leaves another. `ring`: lets the others know, if nobody is there. */
  async start(roomId: number, options: { ring: boolean }): Promise<void> {
    if (this.isIn(roomId) && this.phase !== 'refused') return;
    this.leave();
    this.#notices.clear();
    const attempt = ++this.#attempt;
    this.roomId = roomId;
    this.#ringing = options.ring;
    this.#become('asking');
    const { stream, missing } = await openMedia(chosenDevices());
    if (attempt !== this.#attempt) return stopTracks(stream);
    if (missing?.what === 'camera and microphone') {
      this.refusal = deviceWords(missing.what, missing.error);
      return this.#become('refused');
    }
    if (missing) this.#notices.alert(`You joined without ${missing.what}. ${deviceWords(missing.what, missing.error)}`);
    await this.#enter(roomId, stream);
  }

  /** After a refusal: asks the browser again. */
  async retry(): Promise<void> {
    if (this.phase === 'refused' && this.roomId !== undefined) await this.start(this.roomId, { ring: this.#ringing });
  }

  /** After a refusal: joins to listen and to watch. */
  async joinWithout(): Promise<void> {
    if (this.phase === 'refused' && this.roomId !== undefined) await this.#enter(this.roomId, new MediaStream());
  }

  /** Leaves the call, or gives up joining it. */
  leave(): void {
    this.#attempt++;
    const joined = this.#joined;
    this.#end();
    joined?.call.leave();
  }

  /** Mutes or unmutes the microphone or the camera. */
  async toggle(kind: Kind): Promise<void> {
    await this.#attempted(kind, this.media?.toggle(kind));
  }

  async useDevice(kind: Kind, deviceId: string): Promise<void> {
    await this.#attempted(kind, this.media?.use(kind, deviceId));
  }

  showChat(shown: boolean): void {
    this.chatShown = shown;
    this.changed();
  }

  useSpeaker(deviceId: string): void {
    this.speaker = chooseDevices({ speaker: deviceId }).speaker;
    this.changed();
  }

  async shareScreen(): Promise<void> {
    // A second press while the browser lets the user choose.
    if (this.screen || this.#choosing) return;
    this.#choosing = true;
    const attempt = this.#attempt;
    try {
      const screen = await openScreen();
      if (attempt !== this.#attempt || !this.call) return stopTracks(screen);
      this.screen = screen;
      this.call.addStream(screen, 'screen');
      // The browser has a button of its own to stop sharing.
      screen.getVideoTracks()[0]?.addEventListener('ended', () => this.stopScreen());
      this.changed();
    } catch (error) {
      // Whoever refuses has most often thought better of it: the words need not stay.
      const refused = error instanceof DOMException && error.name === 'NotAllowedError';
      this.#notices[refused ? 'info' : 'alert'](deviceWords('screen', error));
    } finally {
      this.#choosing = false;
    }
  }

  stopScreen(): void {
    if (!this.screen) return;
    this.call?.removeStream(this.screen);
    stopTracks(this.screen);
    this.screen = undefined;
    this.changed();
  }

  async #enter(roomId: number, stream: MediaStream): Promise<void> {
    const attempt = this.#attempt;
    const call = this.#parley.call(roomId);
    this.#joined = {
      call,
      media: new LocalMedia(call, stream, (kind) => this.#lostDevice(kind)),
      quality: new QualityWatch(() => call.peers.values()),
      stop: this.#listen(call),
    };
    this.#become('joining');
    try {
      await call.join({ stream, ...(this.#policy ? { iceTransportPolicy: this.#policy } : {}) });
      if (attempt !== this.#attempt) return;
      this.#become('on');
      if (this.#ringing && call.peers.size === 0) await this.calling.ring(roomId);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#end();
      this.#notices.alert(
        words(error, { permission_denied: 'You are not in this room, so you cannot join its call.' }),
      );
    }
  }

  #listen(call: Call): (() => void)[] {
    const stop = [
      call.on('state', () => this.changed()),
      call.on('peer', (peer) => {
        this.calling.answered();
        this.#watch(peer, stop);
        this.changed();
      }),
      call.on('peerLeft', () => this.changed()),
      call.on('ended', ({ reason }) => {
        // Why one was not let in is told by join().
        if (this.phase === 'joining' && reason === 'refused') return;
        this.#attempt++;
        this.#end();
        const why = callEnded[reason];
        if (why) this.#notices.alert(why);
      }),
    ];
    return stop;
  }

  #watch(peer: Peer, stop: (() => void)[]): void {
    for (const event of ['state', 'suspended', 'stream', 'streamRemoved', 'muted'] as const) {
      stop.push(peer.on(event, () => this.changed()));
    }
  }

  /** A device was, or is, asked for. */
  async #attempted(kind: Kind, attempt: Promise<void> | undefined): Promise<void> {
    // What is known before the browser has answered.
    this.changed();
    try {
      await attempt;
    } catch (error) {
      this.#notices.alert(deviceWords(deviceName[kind], error));
    }
    this.changed();
  }

  /** It was unplugged, or the browser was told to take it back. */
  #lostDevice(kind: Kind): void {
    this.#notices.alert(lostDevice(deviceName[kind]));
    this.changed();
  }

  /** Forgets the call and gives back what it used. */
  #end(): void {
    this.calling.stop();
    for (const stop of this.#joined?.stop ?? []) stop();
    this.#joined?.quality.close();
    this.#joined?.media.close();
    stopTracks(this.screen);
    this.#joined = undefined;
    this.screen = undefined;
    this.roomId = undefined;
    this.#become('idle');
  }

  #become(phase: CallPhase): void {
    this.phase = phase;
    this.changed();
  }
}
