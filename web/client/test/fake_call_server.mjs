// One node that is alone with one room's call, and the lines of its clients: what
// docs/webrtc.md says of peers, roles, epochs, and of those who are away.
import { source } from './sources.mjs';

const { ParleyError } = await source('errors');
const windowMs = 20e3; // to resume in

export class FakeCallServer {
  peers = []; // in the order in which they joined
  ice = { ice_servers: [{ urls: 'stun:127.0.0.1:3478' }], expires_at: null };
  reports = []; // peer_state
  refusals = []; // of the next join_calls
  unavailable = 0; // how many of the next signals are refused
  offers = 0;
  mute = new Set(); // users whose signals go nowhere
  foreign = false; // what these clients tell each other besides does not come through, as if they were others
  #made = 0;
  #epochs = new Map();

  constructor(clock, random) {
    this.clock = clock;
    this.random = random;
  }

  /** The node stops, and a new one takes its place: nothing is known of anybody. */
  restart(lines, delays) {
    this.peers = [];
    this.#epochs.clear();
    for (const [i, line] of lines.entries()) line.afresh(delays[i]);
  }

  join(line) {
    const refusal = this.refusals.shift();
    if (refusal) throw new ParleyError(refusal);
    const before = this.peers.find((p) => p.user.id === line.user.id);
    if (before && line.moved) return this.#takeOn(before);
    if (before) this.leave(before, 'replaced');
    const peer = { id: `peer-${++this.#made}`, user: line.user, line };
    const participants = this.peers.map((p) => ({ ...this.#listed(p), polite: true }));
    line.hear('call_joined', { peer_id: peer.id, participants, ...this.ice });
    for (const p of this.peers) p.line.hear('user_joined', { user: peer.user, peer_id: peer.id, polite: false });
    this.peers.push(peer);
    this.state();
  }

  /** Who is the same peer as before hears of the others again. */
  #takeOn(peer) {
    peer.line.moved = false;
    const place = this.peers.indexOf(peer);
    const all = this.peers.map((p, i) => ({ ...this.#listed(p), polite: i < place }));
    peer.line.hear('call_joined', {
      peer_id: peer.id,
      participants: all.filter((_, i) => i !== place),
      ...this.ice,
    });
    this.state();
  }

  leave(peer, reason) {
    if (!this.peers.includes(peer)) return;
    this.peers = this.peers.filter((p) => p !== peer);
    for (const p of this.peers) p.line.hear('user_left', { user_id: peer.user.id, peer_id: peer.id, reason });
    this.state();
  }

  /** What was not taken up again is over, unless it was meanwhile. */
  expire(line, lost) {
    this.clock.after(windowMs, () => {
      if (line.lost !== lost) return;
      line.over = true;
      this.leave(this.of(line), 'timeout');
    });
  }

  of(line) {
    return this.peers.find((p) => p.line === line);
  }

  #listed({ id, user, line }) {
    return { user_id: user.id, username: user.username, peer_id: id, state: line.away ? 'suspended' : 'active' };
  }

  state() {
    const participants = this.peers.map((p) => this.#listed(p));
    for (const p of this.peers) p.line.hear('call_state', { participants, room_state: 'active' });
  }

  /** Carries out a request. Returns the ack's data. */
  take(line, type, { target_peer_id: target, ...data }) {
    if (type === 'join_call') return this.join(line);
    const from = this.of(line);
    const to = this.peers.filter((p) => (target ? p.id === target : p !== from));
    if (!from) throw new ParleyError({ code: 'not_in_call', message: 'not in the call' });
    if (to.length === 0) throw new ParleyError({ code: 'peer_not_found', message: `no peer ${target}` });
    if (this.unavailable-- > 0) throw new ParleyError({ code: 'unavailable', message: 'later', temporary: true });
    if (type === 'offer') this.offers++;
    let epoch;
    if (this.foreign) delete data.about;
    if (this.foreign && data.parley) return { delivery: 'delivered' };
    for (const p of to) {
      epoch = this.#epoch(type, from, p);
      const head = { from_user_id: from.user.id, from_username: from.user.username, from_peer_id: from.id };
      const stamped = epoch === undefined ? head : { ...head, from_epoch: epoch };
      if (!this.mute.has(from.user.id)) p.line.hear(type, { ...structuredClone(data), ...stamped });
    }
    return { delivery: to.some((p) => p.line.away) ? 'queued' : 'delivered', ...(epoch && { epoch }) };
  }

  #epoch(type, from, to) {
    if (type === 'signal') return undefined;
    const pair = [from.id, to.id].sort().join();
    const e = this.#epochs.get(pair) ?? { last: 0, offered: {}, latest: {} };
    this.#epochs.set(pair, e);
    if (type === 'offer') e.offered[from.id] = e.latest[from.id] = ++e.last;
    if (type === 'answer') e.latest[from.id] = e.offered[to.id] ?? 1;
    return e.latest[from.id] ?? 1;
  }
}

/** A client's session: in both directions in order, after some time, and over sockets that the test cuts. */
export class FakeLine {
  state = 'connecting';
  away = false; // as the server sees it
  lost = 0; // how often
  over = false; // the session
  closed = false;
  moved = false; // another node has taken the peer on
  #listeners = { frame: new Set(), welcome: new Set(), state: new Set(), closed: new Set() };
  #waiting = []; // requests that have not arrived, in order
  #kept = []; // frames that were not heard, in order
  #unanswered = new Set();
  #settling = false; // what is asked now follows what was
  #socket = 0; // counts them: what was under way on a former one is lost
  #upAt = 0;
  #downAt = 0;

  constructor(server, user) {
    this.server = server;
    this.user = user;
    this.#connect(this.#delay(), { resumed: false, first: true });
  }

  on(event, listener) {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }
  request(type, data = {}) {
    if (this.closed) return Promise.reject(new ParleyError({ code: 'closed', message: 'closed' }));
    return new Promise((resolve, reject) => {
      const request = { type, data: structuredClone(data), resolve, reject };
      this.#waiting.push(request);
      this.#unanswered.add(request);
      if (this.state === 'open' && !this.#settling) this.#up(request);
    });
  }
  notify(type, data) {
    if (this.state === 'open') this.server.reports.push({ type, user: this.user.id, ...data });
  }
  probe() {}
  close() {
    if (this.closed) return;
    this.closed = true;
    this.#socket++;
    this.state = 'closed';
    this.server.leave(this.server.of(this), 'left');
    this.#reject();
  }
  /** The server ends it. */
  end(code, reason) {
    this.server.leave(this.server.of(this), 'removed');
    this.closed = true;
    this.#socket++;
    this.#reject();
    this.#tell('closed', { code, reason });
  }

  /** The socket is lost, and comes back after `ms`, to the same session if it is still there. */
  cut(ms) {
    if (this.closed || this.state !== 'open') return;
    this.#drop();
    this.away = true;
    this.server.expire(this, ++this.lost);
    this.server.state();
    this.#connect(ms, { resumed: true, first: false });
  }
  /** The session is lost, and not the peer: another node takes it on. */
  move(ms) {
    this.#drop();
    this.moved = true;
    this.#connect(ms, { resumed: false, first: false });
  }
  /** The session is lost too. */
  afresh(ms) {
    if (this.closed) return;
    this.#drop();
    this.over = true;
    this.#connect(ms, { resumed: true, first: false });
  }

  /** The server says something. */
  hear(type, data) {
    this.#kept.push({ type, data: structuredClone(data) });
    if (this.state === 'open' && !this.away) this.#down();
  }

  #drop() {
    this.#socket++;
    this.state = 'waiting';
    this.#tell('state', { state: 'waiting' });
  }
  #connect(ms, { resumed, first }) {
    const socket = ++this.#socket;
    this.server.clock.after(ms, () => {
      if (socket === this.#socket) this.#welcome(resumed && !this.over, first);
    });
  }
  #welcome(resumed, first) {
    this.#upAt = this.#downAt = 0;
    if (!resumed && !first) {
      if (!this.moved) this.server.leave(this.server.of(this), 'timeout');
      this.#reject();
      this.#kept = [];
    }
    [this.over, this.away, this.state] = [false, false, 'open'];
    this.lost++;
    this.#settling = resumed;
    this.#tell('welcome', { resumed, first, data: {} });
    if (resumed) for (const request of this.#waiting) this.#up(request);
    this.#settling = false;
    if (resumed) this.server.state();
    for (const _ of this.#kept) this.#down();
    this.#tell('state', { state: 'open' });
  }
  #reject() {
    for (const { reject } of this.#unanswered) reject(new ParleyError({ code: 'closed', message: 'closed' }));
    this.#unanswered.clear();
    this.#waiting = [];
  }
  #up(request) {
    const socket = this.#socket;
    this.#upAt = Math.max(this.#upAt, this.server.clock.now + this.#delay());
    this.server.clock.after(this.#upAt - this.server.clock.now, () => {
      if (socket !== this.#socket) return;
      this.#waiting = this.#waiting.filter((r) => r !== request);
      try {
        this.#answer(request, this.server.take(this, request.type, request.data) ?? {});
      } catch (e) {
        this.#answer(request, undefined, e);
      }
    });
  }
  #answer(request, ack, e) {
    this.#kept.push({
      answer: () => this.#unanswered.delete(request) && (e ? request.reject(e) : request.resolve(ack)),
    });
    if (this.state === 'open' && !this.away) this.#down();
  }
  #down() {
    const socket = this.#socket;
    this.#downAt = Math.max(this.#downAt, this.server.clock.now + this.#delay());
    this.server.clock.after(this.#downAt - this.server.clock.now, () => {
      const frame = socket === this.#socket && this.#kept.shift();
      if (!frame) return;
      if (frame.answer) frame.answer();
      else this.#tell('frame', frame);
    });
  }
  #delay() {
    return 1 + this.server.random() * 40;
  }
  #tell(event, e) {
    for (const listener of this.#listeners[event]) listener(e);
  }
}
