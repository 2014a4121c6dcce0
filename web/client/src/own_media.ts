import type { About } from './about.ts';

/** The label of join's stream: what `mute` is about. */
export const camera = 'camera';

/** What one sends to all peers: streams, what they are, and whether they are muted. */
export class OwnMedia {
  readonly muted = { audio: false, video: false };
  readonly #labels = new Map<MediaStream, string>();
  readonly #ended: (stream: MediaStream, label: string) => void;
  #watched = new AbortController(); // the tracks

  /** `ended` hears of a stream whose tracks have all ended by themselves: its sharing was stopped. */
  constructor(ended: (stream: MediaStream, label: string) => void) {
    this.#ended = ended;
  }

  /** What is to be sent: each stream's label. */
  get streams(): ReadonlyMap<MediaStream, string> {
    return this.#labels;
  }

  get about(): About {
    const streams = Object.fromEntries([...this.#labels].map(([{ id }, label]) => [id, label]));
    return { streams, muted: { ...this.muted } };
  }

  /** A stream may be added again when it has new tracks. */
  add(stream: MediaStream, label: string): void {
    this.#labels.set(stream, label);
    for (const track of stream.getTracks()) {
      if (label === camera) this.#enable(track);
      else track.addEventListener('ended', () => this.#endedTrack(stream), { signal: this.#watched.signal });
    }
  }

  remove(stream: MediaStream): void {
    this.#labels.delete(stream);
  }

  /** Puts one track in the place of another, in the same stream. Reports whether the other was there. */
  replace(old: MediaStreamTrack, track: MediaStreamTrack): boolean {
    const [stream, label] = [...this.#labels].find(([stream]) => stream.getTracks().includes(old)) ?? [];
    if (!stream || label === undefined) return false;
    stream.removeTrack(old);
    stream.addTrack(track);
    this.add(stream, label);
    return true;
  }

  mute(kind: 'audio' | 'video', muted: boolean): void {
    this.muted[kind] = muted;
    for (const [stream, label] of this.#labels)
      if (label === camera) for (const track of stream.getTracks()) this.#enable(track);
  }

  /** Forgets all streams. What was muted stays so. */
  clear(): void {
    this.#watched.abort();
    this.#watched = new AbortController();
    this.#labels.clear();
  }

  #enable(track: MediaStreamTrack): void {
    track.enabled = !this.muted[track.kind as 'audio' | 'video'];
  }

  #endedTrack(stream: MediaStream): void {
    const label = this.#labels.get(stream);
    if (label !== undefined && stream.getTracks().every((track) => track.readyState === 'ended'))
      this.#ended(stream, label);
  }
}
