import type { Timers } from './timers.ts';
import type { IceServers } from './wire.ts';

/** How long before credentials expire new ones are asked for, in milliseconds: long after the server should have sent them. */
const marginMs = 60e3;

/** The shortest pause between two requests, in milliseconds, also where this machine's clock is wrong. */
const pauseMs = 30e3;

/** The longest time that a browser's timer takes, in milliseconds. */
const longestMs = 2 ** 31 - 1;

/** What the configuration is made of. */
export interface IceDeps {
  timers: Timers;
  policy?: RTCIceTransportPolicy | undefined;
  ask(): Promise<IceServers>;
  changed(configuration: RTCConfiguration): void;
}

/** The STUN and TURN servers of a call, which stay valid as long as it lasts. */
export class Ice {
  readonly #deps: IceDeps;
  #servers: RTCIceServer[] = [];
  #cancel: (() => void) | undefined;

  constructor(deps: IceDeps) {
    this.#deps = deps;
  }

  get configuration(): RTCConfiguration {
    return { iceServers: this.#servers, iceTransportPolicy: this.#deps.policy ?? 'all' };
  }

  /** The server has told of its servers. */
  update({ ice_servers: servers, expires_at: expires }: IceServers): void {
    this.#servers = servers;
    this.#cancel?.();
    const ms = Date.parse(expires ?? '') - Date.now() - marginMs;
    if (!Number.isNaN(ms)) this.#askIn(Math.min(Math.max(ms, pauseMs), longestMs));
    this.#deps.changed(this.configuration);
  }

  #askIn(ms: number): void {
    this.#cancel = this.#deps.timers.after(ms, () => {
      this.#askIn(pauseMs); // until there is an answer
      this.#deps.ask().then(
        (told) => this.update(told),
        () => {}, // asked again
      );
    });
  }
}
