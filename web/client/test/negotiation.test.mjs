// Two clients negotiate at any time, over signaling that is slow and lost again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerOf, World } from './call_world.mjs';
import { stream } from './fake_media.mjs';

const schedules = 200;

test('those who take turns roll nothing back', () =>
  all(async (world) => {
    await crossing(world);
    const rollbacks = world.net.connections.map((c) => c.rollbacks);
    assert.deepEqual(rollbacks, [0, 0], 'offers have crossed');
  }));

test('those who know of no turns agree by their roles', async () => {
  let rollbacks = 0;
  await all(async (world) => {
    world.server.foreign = true;
    await crossing(world);
    for (const c of world.net.connections) rollbacks += c.rollbacks;
  });
  assert.ok(rollbacks > 0, 'no offers have crossed');
});

async function all(run) {
  for (let seed = 1; seed <= schedules; seed++) {
    try {
      await run(new World(seed));
    } catch (e) {
      throw new Error(`schedule ${seed}: ${e.stack}`);
    }
  }
}

async function crossing(world) {
  const { clock, random, net } = world;
  const clients = await world.two(stream('audio', 'video'), stream('audio', 'video'));
  for (let round = 0; round < 6; round++) {
    for (const { call, line } of clients) {
      const shared = stream('video');
      const wish = random();
      clock.after(random() * 60, () => {
        if (wish < 0.5) call.restartIce();
        else call.addStream(shared, 'screen');
      });
      if (wish > 0.75) clock.after(60 + random() * 60, () => call.removeStream(shared));
      if (random() < 0.5) clock.after(random() * 120, () => line.cut(random() * 3000));
    }
    await clock.pass(120);
    if (random() < 0.5) await world.connected(...clients);
  }
  await world.connected(...clients);
  assert.equal(net.connections.length, 2, 'a connection was replaced');
  for (const { told } of clients) assert.deepEqual(told('peerLeft'), []);
  const silent = net.connections.flatMap((c) =>
    c.getTransceivers().filter((t) => t.silent && t.direction !== 'stopped'),
  );
  assert.deepEqual(silent, [], 'what is sent lost its source');
  const heard = ({ told }) => told('peer stream').length - told('peer streamRemoved').length;
  const streams = clients.map((client) => peerOf(client).streams.size);
  assert.deepEqual(streams, clients.map(heard), 'streams were not told of as they came and went');
  const sent = clients.map((client) => peerOf(client).connection.sent.length - 1); // audio and video are one stream
  assert.deepEqual(streams, sent.toReversed(), 'not all that one sends has come');
  await leave(world, clients);
}

async function leave(world, clients) {
  for (const { call } of clients) call.leave();
  assert.equal(world.timers, 0, 'timers are left');
  assert.equal(world.net.open.length, 0, 'connections are left');
}

test('an offer that the server cannot take just now is sent again', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  world.server.unavailable = 3;
  ann.call.restartIce();
  await world.clock.pass(100);
  await world.connected(ann, bob);
  await leave(world, [ann, bob]);
});

test('an offer that was lost with a node is made again', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  world.server.mute.add(1);
  ann.call.addStream(stream('video'), 'screen');
  await world.clock.pass(5000);
  world.server.mute.clear();
  await world.connected(ann, bob);
  assert.equal(bob.told('peer stream').length, 1);
  await leave(world, [ann, bob]);
});

test('the newcomer waits for the offer', async () => {
  const world = new World();
  const [ann, bob] = await world.two(stream('audio', 'video'), stream('audio', 'video'));
  const types = [ann, bob].map((client) => peerOf(client).connection.localDescription.type);
  assert.deepEqual(types, ['offer', 'answer']);
  assert.equal(world.server.offers, 1, 'one negotiation is enough for both');
  await leave(world, [ann, bob]);
});

test('three are all connected, each with each', async () => {
  const world = new World();
  const pair = await world.two(stream('video'), stream('video'));
  const eve = world.client(3, 'eve');
  eve.call.join({ stream: stream('video') });
  await world.connected(...pair, eve);
  assert.equal(world.net.connections.length, 6);
  await leave(world, [...pair, eve]);
});

test('descriptions do not grow with each stream that was shared', async () => {
  const world = new World();
  const [ann, bob] = await world.two(stream('video'));
  for (let i = 0; i < 10; i++) {
    const screen = stream('video', 'audio');
    ann.call.addStream(screen, 'screen');
    const labels = () => [...peerOf(bob).streams.values()].map(({ label }) => label).join();
    await world.clock.until(() => labels() === 'camera,screen', 'the screen there');
    ann.call.removeStream(screen);
    await world.clock.until(() => labels() === 'camera', 'the screen gone');
    await world.connected(ann, bob);
  }
  assert.equal(peerOf(ann).connection.lines, 4, 'lines: the channel, a camera, a screen with sound');
  await leave(world, [ann, bob]);
});
