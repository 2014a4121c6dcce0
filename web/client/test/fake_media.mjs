// Tracks and streams that carry nothing.
let made = 0;

export class FakeTrack extends EventTarget {
  id = `track-${++made}`;
  enabled = true;
  readyState = 'live';
  constructor(kind) {
    super();
    this.kind = kind;
  }
  /** As when its source is gone: stop() would tell nobody. */
  end() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream extends EventTarget {
  #tracks;
  constructor(tracks, id = `stream-${++made}`) {
    super();
    this.id = id;
    this.#tracks = [...tracks];
  }
  getTracks() {
    return [...this.#tracks];
  }
  addTrack(track) {
    this.#tracks.push(track);
  }
  removeTrack(track) {
    this.#tracks = this.#tracks.filter((t) => t !== track);
  }
}

/** A camera's stream, or a screen's: stream('audio', 'video'). */
export const stream = (...kinds) => new FakeStream(kinds.map((kind) => new FakeTrack(kind)));
