import type { About } from './about.ts';
import { camera } from './own_media.ts';

/** A stream of a peer's, and what it is. */
export interface LabelledStream {
  stream: MediaStream;
  label: string;
}

/** Who hears of a peer's streams. */
export interface RemoteMediaListener {
  stream(s: LabelledStream): void;
  streamRemoved(s: LabelledStream): void;
  muted(m: { audio: boolean; video: boolean }): void;
}

/** What comes from a peer: its streams, and what it says of them. */
export class RemoteMedia {
  readonly streams = new Map<string, LabelledStream>();
  muted = { audio: false, video: false };
  #labels: Record<string, string> = {};
  readonly #told: RemoteMediaListener;

  constructor(told: RemoteMediaListener) {
    this.#told = told;
  }

  /** A track has come. One without a stream gets one of its own. */
  add(track: MediaStreamTrack, stream = new MediaStream([track])): void {
    if (this.streams.has(stream.id)) return;
    const labelled = { stream, label: this.#labels[stream.id] ?? camera };
    this.streams.set(stream.id, labelled);
    stream.addEventListener('removetrack', () => {
      if (stream.getTracks().length > 0 || !this.streams.delete(stream.id)) return;
      this.#told.streamRemoved(labelled);
    });
    this.#told.stream(labelled);
  }

  /** The peer has told of its media. */
  about({ streams, muted }: About): void {
    this.#labels = streams;
    for (const labelled of this.streams.values()) {
      const label = streams[labelled.stream.id];
      if (label === undefined || label === labelled.label) continue;
      labelled.label = label;
      this.#told.stream(labelled);
    }
    if (muted.audio === this.muted.audio && muted.video === this.muted.video) return;
    this.muted = muted;
    this.#told.muted(muted);
  }
}
