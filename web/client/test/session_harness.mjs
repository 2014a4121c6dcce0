// A session beside a server and a clock that the test plays.
import { Clock, settled } from './fake_clock.mjs';
import { playServer } from './fake_server.mjs';
import { source } from './sources.mjs';

const { Session } = await source('session');
const { engineWith } = await source('engine');

export const half = 0.5; // what is random: the first pause is 250 ms

export async function newSession({ credentials } = {}) {
  const clock = new Clock();
  const server = playServer();
  let changed;
  const engine = engineWith({
    ...clock.engine,
    WebSocket: server.WebSocket,
    random: () => half,
    watch: (told) => {
      changed = told;
      return () => (changed = undefined);
    },
  });
  let tickets = 0;
  const ticket = async () => ({ query: { ticket: `t${++tickets}` }, protocols: ['parley.v1'] });
  const url = new URL('ws://server.test/ws/');
  const session = new Session({ engine, url, credentials: credentials ?? ticket });
  const seen = { states: [], frames: [], closed: [], welcomes: [] };
  session.on('state', (e) => seen.states.push(e));
  session.on('frame', (e) => seen.frames.push(e.type));
  session.on('closed', (e) => seen.closed.push(e.code));
  session.on('welcome', ({ resumed, first }) => seen.welcomes.push({ resumed, first }));
  await settled();
  return { session, clock, server, seen, change: (what) => changed(what), watching: () => changed !== undefined };
}

/** A session whose first socket is open. */
export async function openSession() {
  const all = await newSession();
  all.server.newest().welcome();
  return all;
}

/** What became of a promise, so far. */
export function outcome(promise) {
  const is = { state: 'pending' };
  promise.then(
    (value) => Object.assign(is, { state: 'resolved', value }),
    (e) => Object.assign(is, { state: e.code, e }),
  );
  return is;
}

/** The socket that comes after a pause. */
export async function next({ clock, server }) {
  const before = server.sockets.length;
  for (let i = 0; server.sockets.length === before && i < 100; i++) await clock.pass(1000);
  return server.newest();
}
