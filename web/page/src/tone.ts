/** Notes of a ring in Hz, the seconds from its start, and how loud (0 to 1). */
const rings = {
  incoming: {
    every: 2.4,
    volume: 0.16,
    notes: [
      [523.25, 0],
      [659.25, 0.18],
      [783.99, 0.36],
      [659.25, 0.54],
    ],
  },
  outgoing: {
    every: 3.2,
    volume: 0.06,
    notes: [
      [440, 0],
      [440, 0.5],
    ],
  },
} as const;

/** The sound of a call that rings. Browsers allow sound once the user has touched the page: before, it rings silently. */
export class Tone {
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #playing: keyof typeof rings | undefined;

  constructor() {
    const wake = () => {
      this.#context ??= new AudioContext();
      void this.#context.resume();
    };
    for (const gesture of ['click', 'keydown']) addEventListener(gesture, wake, { once: true, capture: true });
  }

  /** Rings until stop(), or until another ring takes its place. */
  play(kind: keyof typeof rings): void {
    clearInterval(this.#timer);
    this.#playing = kind;
    const ring = () => {
      for (const [hertz, at] of rings[kind].notes) this.#note(hertz, at, rings[kind].volume);
    };
    ring();
    this.#timer = setInterval(ring, rings[kind].every * 1000);
  }

  /** Ends this ring; another that has taken its place goes on. */
  stop(kind: keyof typeof rings): void {
    if (this.#playing !== kind) return;
    clearInterval(this.#timer);
    this.#playing = undefined;
  }

  /** One soft note: it swells in 20 ms, so that nothing clicks, and fades. */
  #note(hertz: number, at: number, volume: number): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    const start = context.currentTime + at;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
    const voice = new OscillatorNode(context, { type: 'sine', frequency: hertz });
    voice.connect(gain).connect(context.destination);
    voice.start(start);
    voice.stop(start + 0.5);
  }
}
