import type { Call } from 'parley-client';
import { chooseDevices, chosenDevices, type Kind, openTrack, stopTracks } from '../media.ts';

/** What the user's own streams are to the others: see the library's `addStream`. */
const label = 'camera';

/** The user's own camera and microphone in one call. A camera that is off is not open: its light goes out. */
export class LocalMedia {
  /** What the user sees of themselves. */
  readonly preview = new MediaStream();
  readonly #call: Call;
  /** What is sent, or was until it stopped: its place is the next track's. */
  readonly #sent = new Map<Kind, MediaStreamTrack>();
  readonly #opening = new Set<Kind>();
  readonly #lost: (kind: Kind) => void;
  #closed = false;

  /** `stream` is what the call is joined with. `lost` hears of a device that is gone. */
  constructor(call: Call, stream: MediaStream, lost: (kind: Kind) => void) {
    this.#call = call;
    this.#lost = lost;
    for (const track of stream.getTracks()) this.#take(track);
    for (const kind of ['audio', 'video'] as const) call.mute(kind, !this.#isLive(kind));
  }

  isOn(kind: Kind): boolean {
    return this.#isLive(kind) && !this.#call.muted[kind];
  }

  /** Switches the microphone or the camera on or off. Rejects with a DOMException. */
  async toggle(kind: Kind): Promise<void> {
    if (this.isOn(kind)) this.#off(kind);
    else if (this.#isLive(kind)) this.#call.mute(kind, false);
    else await this.#open(kind, () => openTrack(kind, { ideal: chosenDevices()[kind] }));
  }

  /** Goes on with another device. Rejects with a DOMException, and then goes on with the old one. */
  async use(kind: Kind, deviceId: string): Promise<void> {
    const { muted } = this.#call;
    // A camera that is off stays so.
    if (this.#isLive(kind)) await this.#open(kind, () => openTrack(kind, { exact: deviceId }), muted[kind]);
    chooseDevices({ [kind]: deviceId });
  }

  /** The device that is in use, or will be. */
  deviceOf(kind: Kind): string | undefined {
    return (this.#isLive(kind) && this.#sent.get(kind)?.getSettings().deviceId) || chosenDevices()[kind];
  }

  close(): void {
    this.#closed = true;
    stopTracks(this.preview);
  }

  /** Nobody expects the microphone's light to go out, but that a word more is heard at once when it is on again. */
  #off(kind: Kind): void {
    this.#call.mute(kind, true);
    if (kind === 'video') this.#stop(kind);
  }

  #stop(kind: Kind): void {
    const track = this.#sent.get(kind);
    if (!track) return;
    track.stop();
    this.preview.removeTrack(track);
  }

  async #open(kind: Kind, open: () => Promise<MediaStreamTrack>, muted = false): Promise<void> {
    // A second press while the browser asks.
    if (this.#opening.has(kind)) return;
    this.#opening.add(kind);
    try {
      const track = await open();
      if (this.#closed) return track.stop();
      const old = this.#sent.get(kind);
      this.#stop(kind);
      this.#take(track);
      if (old) await this.#call.replaceTrack(old, track);
      else this.#call.addStream(new MediaStream([track]), label);
      this.#call.mute(kind, muted);
    } finally {
      this.#opening.delete(kind);
    }
  }

  #take(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    this.#sent.set(kind, track);
    this.preview.addTrack(track);
    // Not when it is stopped here: W3C Media Capture, 4.3.4.
    track.addEventListener('ended', () => {
      if (this.#closed || this.#sent.get(kind) !== track) return;
      this.#off(kind);
      this.#lost(kind);
    });
  }

  #isLive(kind: Kind): boolean {
    return this.#sent.get(kind)?.readyState === 'live';
  }
}
