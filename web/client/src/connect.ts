import { newCall } from './call.ts';
import { Client } from './client.ts';
import type { ConnectOptions, Parley } from './types/parley.ts';

/** Begins to connect, and stays connected until `close()`. Returns at once. */
export const connect = (options: ConnectOptions): Parley => new Client(options, newCall);
