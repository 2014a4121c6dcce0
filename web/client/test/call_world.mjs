// Clients in one room's call, in one time, with all that they have of the world.
import { Clock, seeded } from './clock.mjs';
import { FakeCallServer, FakeLine } from './fake_call_server.mjs';
import { Net } from './fake_connection.mjs';
import { source } from './sources.mjs';

const { newCall } = await source('call');

export class World {
  clock = new Clock();
  timers = 0; // of the clients' own

  constructor(seed = 1) {
    this.random = seeded(seed);
    this.net = new Net(this.clock);
    this.server = new FakeCallServer(this.clock, this.random);
  }

  /** A user's client, whose events are kept. */
  client(id, username) {
    const client = { id, events: [], changed: new Set() };
    const engine = {
      RTCPeerConnection: this.net.Connection,
      after: (ms, run) => this.#timer(ms, run),
      random: this.random,
      now: () => this.clock.now,
      watch: (changed) => {
        client.changed.add(changed);
        return () => client.changed.delete(changed);
      },
    };
    client.call = newCall({
      roomId: 1,
      engine,
      closed: () => false,
      api: { iceServers: async () => this.server.ice },
      openLine: () => {
        client.line = new FakeLine(this.server, { id, username, display_name: username });
        return client.line;
      },
    });
    const kept = (name) => (e) => client.events.push([name, e]);
    for (const name of ['state', 'peerLeft', 'callState', 'signal', 'streamEnded', 'ended'])
      client.call.on(name, kept(name));
    client.call.on('peer', (peer) => {
      client.events.push(['peer', peer]);
      for (const name of ['state', 'suspended', 'stream', 'streamRemoved', 'muted', 'channel', 'data', 'error'])
        peer.on(name, (e) => client.events.push([`peer ${name}`, e]));
    });
    client.told = (name) => client.events.filter(([n]) => n === name).map(([, e]) => e);
    return client;
  }

  /** Two in a call, connected; the first was there first. Each joins with a stream. */
  async two(...streams) {
    const pair = [this.client(1, 'ann'), this.client(2, 'bob')];
    for (const [i, { call }] of pair.entries()) {
      const joined = call.join(streams[i] && { stream: streams[i] });
      await this.clock.until(() => call.state === 'joined', 'joined');
      await joined;
    }
    await this.connected(...pair);
    return pair;
  }

  /** Until each has the other, connected, and they agree; and nothing was refused by a connection. */
  async connected(...clients) {
    await this.clock.until(
      () => clients.every(({ call }) => this.#whole(call, clients.length - 1)),
      () => `connected: ${JSON.stringify(clients.map((c) => this.describe(c)))}`,
    );
    for (const c of clients) if (c.told('peer error').length > 0) throw c.told('peer error')[0].error;
  }
  #whole({ state, peers }, n) {
    const whole = (p) => p.state === 'connected' && !p.suspended && this.#agreed(p.connection);
    return state === 'joined' && peers.size === n && [...peers.values()].every(whole);
  }
  #agreed(connection) {
    const other = this.net.open.find((c) => c !== connection && c.local?.ref === connection.remote?.ref);
    return other !== undefined && this.net.agreed(connection, other) && connection.candidates > 0;
  }
  describe({ id, call, line }) {
    const peers = [...call.peers.values()].map((p) => [
      p.id,
      p.state,
      p.suspended,
      p.connection.signalingState,
      p.connection.wanting,
    ]);
    return { id, state: call.state, line: line?.state, peers };
  }

  #timer(ms, run) {
    this.timers++;
    let runs = true;
    const over = () => {
      if (runs) this.timers--;
      runs = false;
    };
    const cancel = this.clock.after(ms, () => {
      over();
      run();
    });
    return () => {
      over();
      cancel();
    };
  }
}

/** The one peer of a client. */
export const peerOf = ({ call }) => [...call.peers.values()][0];
