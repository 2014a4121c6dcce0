// A person in a call, for scripts to direct: `await ready(…)`, then `person`.
// The library comes from the server, which is of another origin.

/** A moving picture that needs no device. */
function drawn() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
  const context = canvas.getContext('2d');
  let hue = 0;
  setInterval(() => {
    hue = (hue + 7) % 360;
    context.fillStyle = `hsl(${hue} 80% 50%)`;
    context.fillRect(0, 0, 64, 48);
  }, 40);
  return canvas.captureStream(25);
}

class Person {
  heard = []; // over data channels
  log = []; // what happened in the call, in order

  constructor(parley, roomId) {
    this.parley = parley;
    this.call = parley.call(roomId);
    this.call.on('peer', (peer) => this.#meet(peer));
    this.call.on('peerLeft', ({ peer, reason }) => this.log.push(`${peer.user.username} left: ${reason}`));
    this.call.on('ended', ({ reason }) => this.log.push(`ended: ${reason}`));
  }

  #meet(peer) {
    this.log.push(`${peer.user.username} came`);
    peer.on('data', (data) => this.heard.push(typeof data === 'string' ? data : new TextDecoder().decode(data)));
    peer.on('stream', ({ stream }) => this.#show(stream));
  }

  #show(stream) {
    const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true, srcObject: stream });
    video.dataset.stream = stream.id;
    document.getElementById('videos').append(video);
  }

  /** Joins with camera and microphone. */
  async join() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    await this.call.join({ stream });
  }

  peer(username) {
    return [...this.call.peers.values()].find((p) => p.user.username === username);
  }

  /** Adds a picture, and returns the id of its stream. */
  share() {
    this.drawn ??= drawn();
    this.call.addStream(this.drawn, 'screen');
    return this.drawn.id;
  }

  unshare() {
    this.call.removeStream(this.drawn);
  }

  /** How the connection to a user stands, for comparisons too: `same` numbers connections. */
  async link(username) {
    const peer = this.peer(username);
    if (!peer) return undefined;
    const inbound = { audio: 0, video: 0 };
    for (const report of (await peer.connection.getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      inbound[report.kind] += report.packetsReceived;
    }
    return {
      same: number(peer.connection),
      state: peer.state,
      signaling: peer.connection.signalingState,
      open: peer.channel?.readyState === 'open',
      streams: [...peer.streams.values()].map(({ stream, label }) => ({ id: stream.id, label })),
      ufrag: /a=ice-ufrag:(\S+)/.exec(peer.connection.localDescription?.sdp)?.[1],
      camera: shown(peer),
      ...inbound,
    };
  }
}

/** How many frames of a peer's camera were shown: what is decoded may still not be seen. */
function shown(peer) {
  const camera = [...peer.streams.values()].find(({ label }) => label === 'camera')?.stream.id;
  const video = document.querySelector(`video[data-stream="${camera}"]`);
  return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
}

const numbers = new WeakMap();
let count = 0;
function number(object) {
  if (!numbers.has(object)) numbers.set(object, ++count);
  return numbers.get(object);
}

globalThis.ready = async ({ server, token, roomId }) => {
  const { connect } = await import(`${server}/client/parley.js`);
  globalThis.person = new Person(connect({ server, token }), roomId);
};
