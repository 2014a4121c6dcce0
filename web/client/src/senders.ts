import { camera } from './own_media.ts';

/** How one track is sent. */
interface Sending {
  sender: RTCRtpSender;
  end(): void;
}

/**
 * What one connection sends. The camera shares its m-sections with that of the other side, so that one negotiation is enough
 * for both. Everything else has its own, which are stopped at its end and then used for what comes next (RFC 8829, section
 * 5.2.2): else the descriptions would grow with each share of a screen, until no frame holds them.
 */
export class Senders {
  readonly #connection: RTCPeerConnection;
  readonly #sending = new Map<MediaStreamTrack, Sending>();

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  /** Sends these streams, by their labels, with the tracks that they have now, and no others. */
  sync(streams: ReadonlyMap<MediaStream, string>): void {
    const wanted = new Set([...streams.keys()].flatMap((stream) => stream.getTracks()));
    for (const [track, sending] of this.#sending) {
      if (wanted.has(track)) continue;
      this.#sending.delete(track);
      sending.end();
    }
    for (const [stream, label] of streams) {
      for (const track of stream.getTracks()) {
        if (!this.#sending.has(track)) this.#sending.set(track, this.#send(track, stream, label));
      }
    }
  }

  /** Sends one track instead of another. */
  async replace(old: MediaStreamTrack, track: MediaStreamTrack): Promise<void> {
    const sending = this.#sending.get(old);
    if (!sending) return;
    this.#sending.delete(old);
    this.#sending.set(track, sending);
    await sending.sender.replaceTrack(track).catch((e: unknown) => {
      if (this.#connection.signalingState !== 'closed') throw e; // a peer that has just left is no fault
    });
  }

  /**
   * Attaches the tracks again, which by the standard changes nothing: in Chromium (148) a rollback takes its source from
   * each sender, and then nothing is sent. One that is not negotiated yet must be left alone there.
   */
  async attach(): Promise<void> {
    const sent = this.#connection.getTransceivers().filter(({ currentDirection: now }) => now?.startsWith('send'));
    await Promise.all(sent.map(({ sender }) => sender.replaceTrack(sender.track)));
  }

  #send(track: MediaStreamTrack, stream: MediaStream, label: string): Sending {
    const connection = this.#connection;
    if (label === camera) {
      const sender = connection.addTrack(track, stream);
      return { sender, end: () => connection.removeTrack(sender) };
    }
    const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    return { sender: transceiver.sender, end: () => transceiver.stop() };
  }
}
