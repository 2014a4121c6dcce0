// Connections that outlive their signaling: the node is alone, and restarts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerOf, World } from './call_world.mjs';
import { stream } from './fake_media.mjs';

/** Two in a call, whose server restarts; each is back after a time of its own. */
async function restarted(world, delays) {
  const clients = await world.two(stream('video'), stream('video'));
  const before = clients.map((client) => ({ peer: peerOf(client), id: peerOf(client).id, self: client.call.peerId }));
  world.server.restart(
    clients.map(({ line }) => line),
    delays,
  );
  assert.deepEqual(
    clients.map(({ call }) => call.state),
    ['reconnecting', 'reconnecting'],
  );
  return { clients, before };
}

async function keptAll(world, clients, before) {
  await world.connected(...clients);
  assert.equal(world.net.connections.length, 2, 'a connection was replaced');
  for (const [i, client] of clients.entries()) {
    assert.equal(peerOf(client), before[i].peer, 'another peer');
    assert.notEqual(client.call.peerId, before[i].self);
    assert.equal(client.call.peers.get(before[1 - i].peer && clients[1 - i].call.peerId), before[i].peer);
    assert.deepEqual(client.told('peerLeft'), []);
    assert.equal(client.told('peer').length, 1);
    assert.deepEqual(
      client.told('peer suspended').map((e) => e.suspended),
      [true, false],
    );
  }
}

const leave = (world, clients) => {
  for (const { call } of clients) call.leave();
  assert.equal(world.timers, 0, 'timers are left');
  assert.equal(world.net.open.length, 0, 'connections are left');
};

for (const [name, delays] of [
  ['the one who was there first', [100, 2000]],
  ['the newcomer', [2000, 100]],
  ['both at once', [500, 500]],
]) {
  test(`connections survive a restart after which ${name} comes first`, async () => {
    const world = new World();
    const { clients, before } = await restarted(world, delays);
    await keptAll(world, clients, before);
    // They negotiate under their new names and roles, whoever begins.
    for (const { call } of clients) {
      call.restartIce();
      call.addStream(stream('video'), 'screen');
    }
    await world.clock.pass(200);
    await keptAll(
      world,
      clients,
      before.map((b) => ({ ...b, self: undefined })),
    );
    assert.deepEqual(
      clients.map(({ told }) => told('peer stream').map(({ label }) => label)),
      [
        ['camera', 'screen'],
        ['camera', 'screen'],
      ],
    );
    leave(world, clients);
  });
}

test('what changes during the restart is agreed on after it', async () => {
  const world = new World();
  const { clients, before } = await restarted(world, [1000, 3000]);
  const [ann, bob] = clients;
  ann.call.mute('audio', true);
  bob.call.addStream(stream('video'), 'screen');
  await keptAll(world, clients, before);
  await world.clock.until(
    () => peerOf(bob).muted.audio && peerOf(ann).streams.size === 2,
    'muted, and the screen there',
  );
  leave(world, clients);
});

test('who is muted during the restart is known to be after it', async () => {
  const world = new World();
  const { clients, before } = await restarted(world, [1000, 3000]);
  const [ann, bob] = clients;
  ann.call.mute('audio', true);
  await keptAll(world, clients, before);
  await world.clock.until(() => peerOf(bob).muted.audio, 'muted', 1000);
  leave(world, clients);
});

test('two restarts in a row', async () => {
  const world = new World();
  const { clients, before } = await restarted(world, [100, 100]);
  await keptAll(world, clients, before);
  for (const client of clients) client.events.length = 0;
  world.server.restart(
    clients.map(({ line }) => line),
    [900, 30],
  );
  await world.connected(...clients);
  assert.equal(world.net.connections.length, 2, 'a connection was replaced');
  leave(world, clients);
});

test('one who is gone too long comes back to the same connection', async () => {
  const world = new World();
  const clients = await world.two();
  const [ann, bob] = clients;
  bob.line.cut(30e3);
  await world.clock.until(() => peerOf(ann).suspended, 'suspended');
  await world.clock.pass(25e3);
  assert.equal(peerOf(ann).suspended, true, 'held after user_left');
  assert.equal(world.server.peers.length, 1);
  await world.connected(...clients);
  assert.equal(world.net.connections.length, 2);
  leave(world, clients);
});

test('one who is not back within a minute is given up', async () => {
  const world = new World();
  const { clients } = await restarted(world, [100, 500e3]);
  const [ann] = clients;
  await world.clock.pass(59e3);
  assert.equal(ann.call.peers.size, 1);
  await world.clock.pass(3e3);
  assert.equal(ann.call.peers.size, 0);
  assert.deepEqual(
    ann.told('peerLeft').map(({ reason }) => reason),
    ['timeout'],
  );
  leave(world, clients);
});

test('a client that does not answer gets an offer', async () => {
  const world = new World();
  const { clients } = await restarted(world, [100, 600]);
  const [ann, bob] = clients;
  world.server.mute.add(2);
  await world.clock.until(() => ann.told('peerLeft').length === 1, 'the held connection given up');
  world.server.mute.clear();
  await world.connected(ann, bob); // who has adopted, and hears that it came to nothing
  assert.equal(world.net.connections.length, 4);
  assert.deepEqual(
    [ann, bob].map(({ told }) => told('peer').length),
    [2, 2],
  );
  leave(world, clients);
});

test('a client that was there first and does not ask offers: what is held makes way', async () => {
  const world = new World();
  const { clients } = await restarted(world, [100, 600]);
  const [ann, bob] = clients;
  peerOf(ann).connection.connect('failed'); // it has nothing to ask for
  await world.connected(ann, bob);
  assert.equal(world.net.connections.length, 4);
  leave(world, clients);
});

test('a page that was loaded anew refuses what it knows nothing of', async () => {
  const world = new World();
  const [ann, bob] = await world.two(stream('video'), stream('video'));
  world.server.restart([ann.line, bob.line], [100, 500e3]);
  const again = world.client(2, 'bob');
  again.call.join();
  const began = world.clock.now;
  await world.connected(ann, again);
  assert.ok(world.clock.now - began < 3000, 'it was waited for');
  assert.equal(ann.told('peerLeft').length, 1);
  bob.call.leave();
  leave(world, [ann, again]);
});

test('who leaves, or is replaced, is gone at once', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  bob.call.leave();
  await world.clock.until(() => ann.call.peers.size === 0, 'bob gone');
  assert.deepEqual(
    ann.told('peerLeft').map(({ reason }) => reason),
    ['left'],
  );
  assert.equal(world.net.open.length, 0);
  await Promise.all([bob.call.join(), world.connected(ann, bob)]); // joining again
  leave(world, [ann, bob]);
});
