/** What may have changed under the library: the network, what is thought of its quality, or that the page is seen again. */
export type Change = 'network' | 'quality' | 'visible';
/** What the library takes from its surroundings. In a browser all of it is there. */
export interface Engine {
    fetch: typeof fetch;
    WebSocket: new (url: string, protocols?: string[]) => WebSocket;
    RTCPeerConnection: new (configuration?: RTCConfiguration) => RTCPeerConnection;
    /** Runs something once, in `ms` milliseconds. Returns a function that prevents it. */
    after(ms: number, run: () => void): () => void;
    /** From 0 to below 1. */
    random(): number;
    /** Milliseconds of a clock that only goes forward. */
    now(): number;
    /** Tells of changes. Returns a function that ends it. */
    watch(changed: (change: Change) => void): () => void;
}
/** The engine of this browser, but for what is given. */
export declare function engineWith(given?: Partial<Engine>): Engine;
