import type { ConnectOptions, Parley } from './types/parley.ts';
/** Begins to connect, and stays connected until `close()`. Returns at once. */
export declare const connect: (options: ConnectOptions) => Parley;
