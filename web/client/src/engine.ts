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
export function engineWith(given: Partial<Engine> = {}): Engine {
  return {
    fetch: (...request) => globalThis.fetch(...request),
    WebSocket: globalThis.WebSocket,
    RTCPeerConnection: globalThis.RTCPeerConnection,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    now: () => performance.now(),
    watch,
    ...given,
  };
}

// The Network Information API, which not all browsers have.
type Connection = EventTarget & { type?: string };

function watch(changed: (change: Change) => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const ended = new AbortController();
  const options = { signal: ended.signal };
  const network = () => changed('network');
  addEventListener('online', network, options);
  const { connection } = navigator as Navigator & { connection?: Connection };
  let type = connection?.type; // which desktops do not tell; each new estimate of the speed is a change, too
  connection?.addEventListener(
    'change',
    () => {
      changed(connection.type === type ? 'quality' : 'network');
      type = connection.type;
    },
    options,
  );
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && changed('visible'),
    options,
  );
  addEventListener('pageshow', (e) => e.persisted && changed('visible'), options);
  return () => ended.abort();
}
