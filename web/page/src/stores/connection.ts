import type { ConnectionState, Parley } from 'parley-client';
import { Store } from './store.ts';

/** How the page is connected to the server. */
export class Connection extends Store {
  state: ConnectionState;
  /** It was open and is not: what the user should know. */
  lost = false;
  /** What the server does without (docs/api.md#degraded). */
  degraded: string[] = [];
  #wasOpen = false;

  constructor(parley: Parley) {
    super();
    this.state = parley.state;
    parley.on('state', ({ state }) => {
      this.state = state;
      if (state === 'open') this.#wasOpen = true;
      this.lost = state !== 'closed' && state !== 'open' && (this.#wasOpen || state === 'waiting');
      this.changed();
    });
    parley.on('degraded', ({ reasons }) => {
      this.degraded = reasons;
      this.changed();
    });
  }
}
