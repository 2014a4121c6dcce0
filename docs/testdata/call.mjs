// A call of two of the guide's clients, with peer connections that negotiate and
// carry nothing, over sockets that the test breaks. Nothing is printed unless
// something is wrong.
import { joinCall } from './client.mjs';

const [base, roomId, ann, bob, rounds, sessions] = process.argv.slice(2);
const perDescription = 2; // candidates

const soon = setTimeout;
globalThis.setTimeout = (fn, ms) => soon(fn, ms / 20); // the pauses of those who come back
const wrong = (...what) => { console.log(...what); process.exit(1); };
console.warn = (...what) => leaving || wrong(...what);
process.on('unhandledRejection', (e) => wrong(e));

// Where the handshake fails, Node.js 20 has an error and no close after it.
globalThis.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener('error', () => soon(() => {
      const told = this.onclose;
      this.onclose = null;
      told?.({ code: 1006 });
    }));
    this.addEventListener('close', () => soon(() => { this.onclose = null; }));
  }
};

let leaving = sessions === 'end'; // peers may leave, and then have what goes to them refused
const connections = [];
const open = () => connections.filter((pc) => pc.signalingState !== 'closed');

// RTCPeerConnection has the signaling states of the real one (W3C WebRTC, 4.3.1).
globalThis.RTCPeerConnection = class {
  signalingState = 'stable';
  localDescription = null;
  remote = null;
  candidates = 0; // of the remote description
  needed = false;
  renewed = false; // has TURN credentials that are newer than those it began with

  constructor({ iceServers }) {
    this.iceServers = iceServers;
    connections.push(this);
  }
  setConfiguration({ iceServers }) {
    this.wantOpen();
    this.renewed = iceServers[0].credential !== this.iceServers[0].credential;
  }
  addTrack() { this.restartIce(); }
  getSenders() { return []; }
  restartIce() {
    this.needed = true;
    queueMicrotask(() => this.settle());
  }
  settle() {
    if (this.needed && this.signalingState === 'stable') this.onnegotiationneeded();
  }
  async setLocalDescription() {
    this.wantOpen();
    const answers = this.signalingState === 'have-remote-offer';
    if (!answers) this.needed = false;
    const sdp = crypto.randomUUID();
    this.localDescription = { type: answers ? 'answer' : 'offer', sdp };
    this.become(answers ? 'stable' : 'have-local-offer');
    for (let i = 0; i < perDescription; i++) soon(() => this.gather(sdp), i);
  }
  gather(sdp) {
    if (sdp === this.localDescription.sdp) this.onicecandidate({ candidate: { of: sdp } });
  }
  async setRemoteDescription({ type, sdp }) {
    this.wantOpen();
    if (type === 'answer' && this.signalingState !== 'have-local-offer') wrong('an answer while', this.signalingState);
    this.remote = sdp;
    this.candidates = 0;
    this.become(type === 'offer' ? 'have-remote-offer' : 'stable');
  }
  async addIceCandidate({ of }) {
    if (of !== this.remote) wrong('a candidate of another negotiation');
    this.candidates++;
  }
  become(state) {
    this.signalingState = state;
    queueMicrotask(() => this.settle());
  }
  wantOpen() {
    if (this.signalingState === 'closed') throw new Error('the connection is closed');
  }
  close() {
    if (!leaving) wrong('a peer connection was closed');
    this.become('closed');
  }
};

soon(() => wrong('not agreed, or somebody does not hear of it:', connections), 20e3);

async function until(ready) {
  while (!ready()) await new Promise((done) => soon(done, 1));
}

const ended = [];
function join(token) {
  let last;
  const leave = joinCall({
    base, token, roomId, stream: { getTracks: () => [{}] },
    onTrack() {}, onLeft: () => leaving || wrong('a peer left'),
    onState: (state) => { last = state; }, onEnd: (code) => ended.push(code),
  });
  return { leave, joined: (n) => last?.participants.filter((p) => p.state === 'active').length === n };
}

const a = join(ann);
await until(() => a.joined(1));
const b = join(bob);
const agreed = (x, y) => x.signalingState === 'stable' && !x.needed &&
  x.remote === y.localDescription?.sdp && x.candidates === perDescription;
const settled = () => open().length === 2 && agreed(...open()) && agreed(...open().reverse());
await until(settled);
for (let i = 0; i < rounds; i++) {
  for (const [n, pc] of open().entries()) if (i % 3 !== n) pc.restartIce(); // one, the other, both
  await until(settled);
}
await until(() => a.joined(2) && b.joined(2));
if (sessions === 'last') await until(() => open().every((pc) => pc.renewed));
leaving = true;
a.leave();
await until(() => open().length === 0 && b.joined(1));
b.leave();
await until(() => ended.length === 2);
process.exit();
