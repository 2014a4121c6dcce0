// One's part in a call: joining and its ends, media, ICE.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerOf, World } from './call_world.mjs';
import { FakeTrack, stream } from './fake_media.mjs';

const leave = (world, clients) => {
  for (const { call } of clients) call.leave();
  assert.equal(world.timers, 0, 'timers are left');
  assert.equal(world.net.open.length, 0, 'connections are left');
};

test('who is refused hears why, and may try again', async () => {
  const world = new World();
  const ann = world.client(1, 'ann');
  world.server.refusals.push({ code: 'room_full', message: 'full' });
  const refused = assert.rejects(ann.call.join(), { code: 'room_full' });
  await world.clock.until(() => ann.call.state === 'ended', 'ended');
  await refused;
  assert.deepEqual(ann.told('ended'), [{ code: 0, reason: 'refused' }]);
  world.server.refusals.push({ code: 'unavailable', message: 'later', temporary: true, retryAfterMs: 700 });
  const joined = ann.call.join();
  await world.clock.until(() => ann.call.state === 'joined', 'joined');
  await joined;
  leave(world, [ann]);
  assert.deepEqual(ann.told('ended').at(-1), { code: 1000, reason: 'left' });
});

test('who leaves while joining has not joined', async () => {
  const { call } = new World().client(1, 'ann');
  const joined = call.join();
  call.leave();
  await assert.rejects(joined, { code: 'closed' });
});

for (const [code, reason] of Object.entries({
  4401: 'signed_out',
  4403: 'removed',
  4409: 'replaced',
  4410: 'room_deleted',
})) {
  test(`the server ends a part with ${code}: ${reason}`, async () => {
    const world = new World();
    const [ann, bob] = await world.two(stream('video'));
    ann.line.end(Number(code), 'over');
    assert.equal(ann.call.state, 'ended');
    assert.deepEqual(ann.told('ended'), [{ code: Number(code), reason }]);
    assert.equal(ann.told('peerLeft').length, 1);
    assert.equal(peerOf(ann), undefined);
    await world.clock.until(() => bob.call.peers.size === 0, 'bob alone');
    leave(world, [bob]);
  });
}

test('a lost socket closes nothing', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  ann.line.cut(5000);
  assert.equal(ann.call.state, 'reconnecting');
  await world.clock.until(() => peerOf(bob).suspended, 'suspended');
  await world.connected(ann, bob);
  assert.equal(peerOf(bob).suspended, false);
  assert.equal(world.net.connections.length, 2);
  leave(world, [ann, bob]);
});

test('who goes on at another node says again what may be lost', async () => {
  const world = new World();
  const [ann, bob] = await world.two(stream('audio', 'video'));
  const [peer, { connection }] = [peerOf(bob), peerOf(ann)];
  ann.call.addStream(stream('video'), 'screen');
  await world.clock.until(() => connection.signalingState === 'have-local-offer', 'an offer');
  ann.line.move(500);
  ann.call.mute('video', true);
  const began = world.clock.now;
  await world.connected(ann, bob);
  await world.clock.until(() => peer.muted.video && bob.told('peer stream').length === 2, 'bob knows');
  assert.ok(world.clock.now - began < 5000, 'not by chance, when an offer is made again');
  assert.deepEqual([peerOf(ann).connection, peerOf(bob)], [connection, peer], 'nothing was closed');
  leave(world, [ann, bob]);
});

test('who is not back in the call does not negotiate', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  world.server.refusals.push({ code: 'unavailable', message: 'later', temporary: true, retryAfterMs: 5000 });
  ann.line.afresh(100);
  await world.clock.pass(300);
  ann.line.cut(100); // the new session is resumed, and has not joined
  await world.clock.pass(1000);
  assert.equal(ann.call.state, 'reconnecting');
  await world.connected(ann, bob);
  assert.equal(world.net.connections.length, 2, 'a connection was replaced');
  leave(world, [ann, bob]);
});

test('a mute that the server cannot bring just now is told again', async () => {
  const world = new World();
  const [ann, bob] = await world.two(stream('audio'));
  world.server.unavailable = 1;
  ann.call.mute('audio', true);
  await world.clock.until(() => peerOf(bob).muted.audio, 'bob knows');
  leave(world, [ann, bob]);
});

test('data, signals, mutes and labels', async () => {
  const world = new World();
  const camera = stream('audio', 'video');
  const [ann, bob] = await world.two(camera);
  assert.equal(peerOf(ann).send('tea?'), true);
  assert.deepEqual(bob.told('peer data'), ['tea?']);
  const signalled = ann.call.signal({ hand: 'raised' });
  ann.call.mute('audio', true);
  await world.clock.until(() => bob.told('signal').length > 0 && peerOf(bob).muted.audio, 'told');
  await signalled;
  assert.deepEqual(
    bob.told('signal').map(({ from, data }) => [from, data]),
    [[peerOf(bob), { hand: 'raised' }]],
  );
  assert.deepEqual(
    camera.getTracks().map((t) => t.enabled),
    [false, true],
  );
  const [microphone] = camera.getTracks();
  const other = new FakeTrack('audio');
  await ann.call.replaceTrack(microphone, other);
  assert.equal(other.enabled, false, 'a muted microphone is replaced by a muted one');
  assert.deepEqual(new Set(camera.getTracks()), new Set(peerOf(ann).connection.sent));
  await world.connected(ann, bob);
  leave(world, [ann, bob]);
  assert.equal(ann.call.muted.audio, true);
});

test('a newcomer hears of what is muted and shared', async () => {
  const world = new World();
  const ann = world.client(1, 'ann');
  ann.call.mute('video', true);
  ann.call.join({ stream: stream('video') });
  ann.call.addStream(stream('video'), 'screen');
  await world.clock.until(() => ann.call.state === 'joined', 'joined');
  const bob = world.client(2, 'bob');
  bob.call.join();
  await world.connected(ann, bob);
  assert.deepEqual(peerOf(bob).muted, { audio: false, video: true });
  assert.deepEqual([...peerOf(bob).streams.values()].map(({ label }) => label).sort(), ['camera', 'screen']);
  leave(world, [ann, bob]);
});

test('a screen whose sharing is stopped elsewhere is removed', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  const screen = stream('video', 'audio');
  ann.call.addStream(screen, 'screen');
  await world.clock.until(() => peerOf(bob).streams.size === 1, 'shared');
  screen.getTracks()[0].end();
  assert.deepEqual(ann.told('streamEnded'), [], 'its sound goes on');
  screen.getTracks()[1].end();
  assert.deepEqual(ann.told('streamEnded'), [{ stream: screen, label: 'screen' }]);
  await world.clock.until(() => peerOf(bob).streams.size === 0, 'removed');
  await world.connected(ann, bob);
  leave(world, [ann, bob]);
});

test('ICE is restarted when a connection fails, stays disconnected, or the network changes', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  const { connection } = peerOf(ann);
  connection.connect('disconnected');
  await world.clock.pass(2900);
  assert.equal(connection.restarts, 0, 'most come back by themselves');
  await world.clock.pass(200);
  assert.equal(connection.restarts, 1);
  await world.connected(ann, bob);
  world.net.blocked = true;
  connection.connect('failed');
  await world.clock.pass(1);
  assert.equal(connection.restarts, 2, 'at once');
  await world.clock.pass(90e3);
  assert.ok(connection.restarts >= 4 && connection.restarts < 10, `again, with pauses: ${connection.restarts}`);
  world.net.blocked = false;
  await world.connected(ann, bob);
  const before = connection.restarts;
  for (const changed of ann.changed) changed('network');
  assert.equal(connection.restarts, before + 1);
  await world.clock.pass(100);
  await world.connected(ann, bob);
  const told = world.server.reports.filter(({ user }) => user === 1).map(({ state }) => state);
  assert.deepEqual(told, ['connected', 'connected', 'failed', 'connected']);
  leave(world, [ann, bob]);
});

test('all candidates come, and the end of them', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  const all = () => [ann, bob].every((client) => peerOf(client).connection.candidates === 3);
  await world.clock.until(all, 'two candidates and the empty one');
  leave(world, [ann, bob]);
});

test('the ICE servers stay valid', async () => {
  const world = new World();
  const expires = (ms) => new Date(Date.now() + ms).toISOString();
  const servers = (name, ms) => ({ ice_servers: [{ urls: `turn:${name}` }], expires_at: expires(ms) });
  world.server.ice = servers('first', 600e3);
  const [ann, bob] = await world.two();
  const used = () => peerOf(ann).connection.configuration.iceServers[0].urls;
  assert.equal(used(), 'turn:first');
  world.server.of(ann.line).line.hear('ice_servers', servers('pushed', 900e3));
  await world.clock.until(() => used() === 'turn:pushed', 'pushed');
  world.server.ice = servers('asked for', 3600e3);
  await world.clock.pass(800e3);
  assert.equal(used(), 'turn:pushed');
  await world.clock.pass(60e3);
  assert.equal(used(), 'turn:asked for');
  leave(world, [ann, bob]);
});

test('quality is of the pair in use, and never fails', async () => {
  const world = new World();
  const [ann, bob] = await world.two();
  const peer = peerOf(ann);
  const { connection } = peer;
  const report = (bytes, lost) =>
    new Map(
      [
        { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
        {
          id: 'P',
          type: 'candidate-pair',
          localCandidateId: 'L',
          remoteCandidateId: 'R',
          currentRoundTripTime: 0.02,
          bytesSent: bytes,
          bytesReceived: 2 * bytes,
        },
        { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp' },
        { id: 'R', type: 'remote-candidate', candidateType: 'srflx' },
        { id: 'I', type: 'inbound-rtp', packetsReceived: 100 * lost, packetsLost: lost },
      ].map((s) => [s.id, s]),
    );
  connection.stats = report(1000, 1);
  await peer.quality();
  connection.stats = report(3000, 101);
  await world.clock.pass(2000);
  assert.deepEqual(await peer.quality(), {
    localCandidateType: 'relay',
    remoteCandidateType: 'srflx',
    protocol: 'udp',
    roundTripMs: 20,
    sendBitsPerSecond: 8000,
    receiveBitsPerSecond: 16000,
    lostShare: 100 / 10100,
  });
  connection.getStats = () => Promise.reject(new Error('closed'));
  assert.equal((await peer.quality()).roundTripMs, undefined);
  leave(world, [ann, bob]);
});

test('calls in two rooms at once', async () => {
  const worlds = [new World(1), new World(2)];
  const pairs = await Promise.all(worlds.map((world) => world.two(stream('video'), stream('video'))));
  for (const [i, world] of worlds.entries()) leave(world, pairs[i]);
});
