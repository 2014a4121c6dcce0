// Peer connections that negotiate as the real ones do (W3C WebRTC, 4.3 and 4.7) and
// carry nothing but what a data channel is given. What a browser would refuse throws.
import { FakeStream, FakeTrack } from './fake_media.mjs';

const perDescription = 2; // candidates
const failingMs = 15e3; // from disconnected to failed

/** The network between the connections of one test. */
export class Net {
  connections = [];
  blocked = false; // nothing connects

  constructor(clock) {
    const net = this;
    this.clock = clock;
    this.Connection = class extends FakeConnection {
      constructor(configuration) {
        super(net, configuration);
        net.connections.push(this);
      }
    };
  }
  get open() {
    return this.connections.filter((c) => c.signalingState !== 'closed');
  }
  /** Whether these two have agreed on the same descriptions, and want nothing else. */
  agreed(a, b) {
    const half = (x, y) =>
      x.signalingState === 'stable' && !x.wanting && x.remote !== undefined && x.remote?.ref === y.local?.ref;
    return half(a, b) && half(b, a);
  }
  link(a) {
    const b = this.open.find((c) => c !== a && c.local?.ref === a.remote?.ref);
    if (!b || this.blocked || !this.paired(a, b)) return;
    a.other = b;
    b.other = a;
    this.clock.after(5, () => {
      if (!this.paired(a, b)) return;
      for (const c of [a, b]) c.connect('connected');
      for (const c of [a, b]) c.openChannel();
    });
  }
  paired(a, b) {
    return (
      a.remote?.ref === b.local?.ref &&
      b.remote?.ref === a.local?.ref &&
      a.signalingState === 'stable' &&
      b.signalingState === 'stable'
    );
  }
}

class FakeConnection extends EventTarget {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  local; // what the descriptions stand for, while under way and when agreed
  remote;
  stats = new Map();
  candidates = 0; // of theirs, for their latest description
  restarts = 0;
  rollbacks = 0; // with each of which Chromium loses what it receives
  other;
  #session = Math.random().toString().slice(2);
  #version = 0;
  #agreed = {}; // local and remote, to roll back to
  #lines = []; // what was agreed last, each { kind, owner: a transceiver, stream: sent there }
  #proposed = []; // by one's own description
  #transceivers = [];
  #streams = new Map(); // theirs, by id
  #needed = false;
  #restart = false;
  #wantsChannel = false;

  constructor(net, configuration) {
    super();
    this.net = net;
    this.configuration = configuration;
  }

  get wanting() {
    return this.#restart || !this.#settled();
  }

  addTrack(track, stream) {
    return this.#send(track, stream, true).sender;
  }
  removeTrack(sender) {
    this.#transceivers.find((t) => t.sender === sender).direction = 'recvonly';
    this.#update();
  }
  addTransceiver(track, { streams: [stream] }) {
    return this.#send(track, stream, false);
  }
  #send(track, { id: stream }, shares) {
    if (this.sent.includes(track)) throw new Error('the track is sent already');
    const id = `${this.#session}-${this.#transceivers.length}`;
    const transceiver = {
      id,
      stream,
      shares,
      kind: track.kind,
      direction: 'sendrecv',
      currentDirection: null,
      sender: { track },
    };
    transceiver.sender.replaceTrack = async (next) => {
      if (transceiver.currentDirection === null) throw new Error('not negotiated yet: Chromium crashes');
      transceiver.sender.track = next;
      transceiver.silent = false;
    };
    transceiver.stop = () => {
      transceiver.direction = 'stopped';
      this.#update();
    };
    this.#transceivers.push(transceiver);
    this.#update();
    return transceiver;
  }
  get sent() {
    return this.#transceivers.filter(sends).map(({ sender }) => sender.track);
  }
  get lines() {
    return this.#lines.length;
  }
  getTransceivers() {
    return [...this.#transceivers];
  }
  createDataChannel(label, { negotiated, id }) {
    if (!negotiated || id !== 0 || this.channel) throw new Error('not the channel that both sides know of');
    this.#wantsChannel = true;
    this.channel = new FakeChannel(label);
    this.#update();
    return this.channel;
  }
  restartIce() {
    this.restarts++;
    this.#restart = true;
    this.#update();
  }
  setConfiguration(configuration) {
    this.configuration = configuration;
  }
  async getStats() {
    return this.stats;
  }

  async setLocalDescription() {
    this.#wantOpen();
    await this.#aWhile();
    const answers = this.signalingState === 'have-remote-offer';
    const lines = this.#place(answers ? this.remote.lines : undefined);
    if (this.#restart || !this.ufrag) this.ufrag = Math.random().toString(36).slice(2, 6);
    this.#restart = false;
    const told = lines.map(({ kind, owner, stopped, stream }) => ({
      kind,
      stopped,
      stream,
      track: stream && owner.id,
    }));
    this.local = { ref: `${this.#session}.${++this.#version}`, lines: told };
    this.#proposed = lines;
    this.localDescription = { type: answers ? 'answer' : 'offer', sdp: this.#sdp() };
    if (answers) this.#agree(lines);
    else this.signalingState = 'have-local-offer';
    this.#gather(this.local.ref);
  }

  async setRemoteDescription({ type, sdp }) {
    this.#wantOpen();
    await this.#aWhile();
    const described = JSON.parse(/^x=(.*)$/m.exec(sdp)[1]);
    const expected = type === 'answer' ? ['have-local-offer'] : ['stable', 'have-local-offer', 'have-remote-offer'];
    if (!expected.includes(this.signalingState)) throw new Error(`an ${type} while ${this.signalingState}`);
    if (this.#agreed.remote && this.#agreed.remote.ref.split('.')[0] !== described.ref.split('.')[0])
      throw new Error('a description of another connection');
    if (type === 'offer' && this.signalingState === 'have-local-offer') this.#rollBack();
    this.remote = described;
    this.remoteDescription = { type, sdp };
    this.candidates = 0;
    this.#hear(described.lines);
    if (type === 'offer') this.signalingState = 'have-remote-offer';
    else this.#agree(this.#proposed);
  }

  /** As Chromium does it: what is sent has no source then, until it is given one. */
  #rollBack() {
    this.rollbacks++;
    this.local = this.#agreed.local;
    for (const t of this.#transceivers) t.silent = t.currentDirection !== null;
  }

  async addIceCandidate({ candidate, of }) {
    this.#wantOpen();
    if (of !== this.remote?.ref) throw new Error(`a candidate of another negotiation: ${candidate}`);
    this.candidates++;
  }

  close() {
    if (this.signalingState === 'closed') return;
    this.signalingState = this.connectionState = 'closed';
    this.channel?.shut();
    this.other?.forsaken();
  }
  /** The other side is gone, or the path to it. */
  forsaken() {
    if (this.connectionState !== 'connected') return;
    this.connect('disconnected');
    this.net.clock.after(failingMs, () => this.connectionState === 'disconnected' && this.connect('failed'));
  }
  connect(state) {
    if (this.signalingState === 'closed' || this.connectionState === state) return;
    this.connectionState = state;
    this.#fire('connectionstatechange');
  }
  /** Both sides have made the one that they agreed on. */
  openChannel() {
    const theirs = this.other.channel;
    if (this.channel?.readyState !== 'connecting' || !theirs) return;
    [this.channel.other, theirs.other] = [theirs, this.channel];
    for (const channel of [theirs, this.channel]) channel.open();
  }

  #sdp() {
    return `v=0\r\no=- ${this.#session} ${this.#version} IN IP4 127.0.0.1\r\na=ice-ufrag:${this.ufrag}\r\n${this.local.lines.map(({ kind }) => `m=${kind} 9\r\n`).join('')}x=${JSON.stringify(this.local)}\r\n`;
  }

  /**
   * What this side would send in which line; the lines of an offer that is answered are given. One that both have stopped
   * is used again.
   */
  #place(theirs) {
    const lines = (theirs ?? this.#lines).map(({ kind, stopped }, i) => {
      const owner = this.#lines[i]?.kind === kind ? this.#lines[i].owner : undefined;
      return { kind, owner, stopped: stopped || owner?.direction === 'stopped', over: !theirs && stopped };
    });
    const placed = new Set(lines.map(({ owner }) => owner));
    for (const t of this.#transceivers.filter((t) => sends(t) && !placed.has(t))) {
      const free = lines.find((l) => (t.shares ? l.kind === t.kind && !l.owner && !l.stopped : l.over));
      const line = { kind: t.kind, owner: t };
      if (free && (t.shares || !theirs)) Object.assign(free, line, { stopped: false, over: false });
      else if (!theirs) lines.push(line);
    }
    if (this.#wantsChannel && !theirs && !lines.some(({ kind }) => kind === 'application'))
      lines.push({ kind: 'application' });
    for (const line of lines) line.stream = line.owner && sends(line.owner) ? line.owner.stream : undefined;
    return lines;
  }
  #settled() {
    const now = this.#place();
    const same = ({ stream, stopped }, i) => stream === this.#lines[i].stream && !stopped === !this.#lines[i].stopped;
    return now.length === this.#lines.length && now.every(same);
  }
  #agree(lines) {
    this.#lines = lines;
    for (const { owner, stream } of lines) if (owner) owner.currentDirection = stream ? 'sendonly' : 'inactive';
    this.#agreed = { local: this.local, remote: this.remote };
    this.signalingState = 'stable';
    this.#needed = false;
    this.#update();
    this.net.link(this);
  }
  #update() {
    this.net.clock.after(0, () => {
      if (this.signalingState !== 'stable') return;
      if (!this.wanting) this.#needed = false;
      else if (!this.#needed) {
        this.#needed = true;
        this.#fire('negotiationneeded');
      }
    });
  }
  #hear(lines) {
    const now = lines.filter(({ track }) => track);
    for (const stream of this.#streams.values())
      for (const track of stream.getTracks())
        if (!now.some((l) => l.track === track.id)) {
          stream.removeTrack(track);
          stream.dispatchEvent(new Event('removetrack'));
        }
    for (const { kind, track: id, stream: streamId } of now) {
      const stream = this.#streams.get(streamId) ?? new FakeStream([], streamId);
      this.#streams.set(streamId, stream);
      if (stream.getTracks().some((t) => t.id === id)) continue;
      const track = Object.assign(new FakeTrack(kind), { id });
      stream.addTrack(track);
      this.#fire('track', { track, streams: [stream] });
    }
  }
  #gather(of) {
    const usernameFragment = this.ufrag;
    for (let i = 0; i <= perDescription; i++) {
      const candidate = { candidate: i < perDescription ? `candidate:${i}` : '', usernameFragment, of };
      this.net.clock.after(i, () => {
        if (of === this.local?.ref)
          this.#fire('icecandidate', { candidate: { ...candidate, toJSON: () => candidate } });
      });
    }
    this.net.clock.after(perDescription + 1, () => this.#fire('icecandidate', { candidate: null }));
  }
  #aWhile() {
    return new Promise((done) => this.net.clock.after(1, done));
  }
  #wantOpen() {
    if (this.signalingState === 'closed') throw new Error('the connection is closed');
  }
  #fire(type, members = {}) {
    if (this.signalingState !== 'closed') this.dispatchEvent(Object.assign(new Event(type), members));
  }
}

const sends = ({ direction }) => direction.startsWith('send');

class FakeChannel extends EventTarget {
  readyState = 'connecting';
  constructor(label) {
    super();
    this.label = label;
  }
  open() {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }
  send(data) {
    this.other.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  shut() {
    for (const channel of [this, this.other]) if (channel) channel.readyState = 'closed';
  }
}
