import type { Engine } from './engine.ts';
import type { Line } from './line.ts';
import type { Api } from './rest.ts';
import type { Call } from './types/call.ts';

/** What a room's call is made of. */
export interface CallDeps {
  roomId: number;
  api: Api;
  engine: Engine;
  /** Begins a session on the call's own socket. */
  openLine(): Line;
  /** Whether the connection is over, and no call can be joined. */
  closed(): boolean;
}

/** Makes the calls of a connection. */
export type CallFactory = (deps: CallDeps) => Call;
