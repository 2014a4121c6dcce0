// What the scripts share. Nothing is printed but wishes and what is wrong.
import { source } from '../../../../web/client/test/sources.mjs';

const patienceMs = 50e3;

export const { connect } = await source('parley');

export const wrong = (...what) => {
  console.log(...what);
  process.exit(1);
};
process.on('unhandledRejection', (e) => wrong('rejected:', e));
process.on('uncaughtException', (e) => wrong('thrown:', e));

/** Waits for something that is to come. */
export async function until(what, ready) {
  for (const end = performance.now() + patienceMs; !ready(); ) {
    if (performance.now() > end) wrong('in vain:', what, String(ready));
    await new Promise((done) => setTimeout(done, 5));
  }
}

export function equal(what, is, wanted) {
  const [a, b] = [is, wanted].map((x) => JSON.stringify(x));
  if (a !== b) wrong(`${what}: ${a} instead of ${b}`);
}

/** Where the handshake fails, Node.js 20 has an error and no close after it. */
class BrowserSocket extends WebSocket {
  constructor(...args) {
    super(...args);
    let closed = false;
    this.addEventListener('close', () => { closed = true; });
    this.addEventListener('error', () => setTimeout(() => closed || this.onclose?.({ code: 1006, reason: '' })));
  }
}

/** The engine of Node.js, whose pauses are short. */
export const engine = { WebSocket: BrowserSocket, random: () => Math.random() / 20 };
