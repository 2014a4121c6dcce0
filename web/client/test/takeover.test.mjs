// A socket that takes over from one that may be dead, or may not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './fake_clock.mjs';
import { newSession, next, openSession, outcome } from './session_harness.mjs';

test('silence is looked into, and any frame is life', async () => {
  const { server, clock } = await openSession();
  const socket = server.newest();
  await clock.pass(24e3);
  socket.say('typing');
  await clock.pass(24e3);
  assert.deepEqual(socket.types(), ['received'], 'not silent for so long');
  await clock.pass(1e3);
  assert.equal(socket.last('ping')?.type, 'ping');
  await clock.pass(4e3);
  socket.say('typing');
  await clock.pass(20e3);
  assert.equal(server.sockets.length, 1, 'a frame answered');
});

test('a new socket comes beside the old one, which is heard no more and stays open', async () => {
  const { session, server, clock, seen, change } = await openSession();
  const [old] = server.sockets;
  const asked = outcome(session.request('offer'));
  old.say('typing');
  change('visible');
  change('network'); // asked already
  assert.deepEqual(old.types(), ['offer', 'ping']);
  await clock.pass(5e3);
  assert.equal(server.sockets.length, 2);
  const fresh = server.newest();
  assert.match(fresh.url.search, /resume=token-1&received=1$/);
  assert.deepEqual([old.closed, session.state], [undefined, 'connecting'], 'a close frame would end the session');
  old.say('typing'); // it will come again
  old.answer(old.last('offer'), 'ack', {});
  fresh.welcome({ resumed: true });
  fresh.say('typing');
  old.drop(4409);
  await settled();
  assert.deepEqual([session.state, seen.frames, seen.closed], ['open', ['typing', 'typing'], []]);
  assert.equal(asked.state, 'pending');
  fresh.answer(old.last('offer'), 'ack', {});
  await settled();
  assert.equal(asked.state, 'resolved');
});

test('where the new socket fails too, others follow with the same session', async () => {
  const all = await openSession();
  all.change('network');
  await all.clock.pass(5e3);
  all.server.newest().drop();
  const third = await next(all);
  assert.match(third.url.search, /resume=token-1&received=0$/);
});

test('a socket without a welcome is given up', async () => {
  const all = await newSession();
  const [slow] = all.server.sockets;
  await all.clock.pass(10e3);
  assert.deepEqual([slow.closed, all.session.state], [1005, 'waiting'], 'it never was open: there is no close frame');
});

test('a socket that was given up may take over, and is closed once it cannot', async () => {
  const all = await openSession();
  all.server.newest().drop();
  const half = await next(all);
  half.readyState = 1; // open, and says nothing
  await all.clock.pass(10e3);
  assert.equal(half.closed, undefined, 'it may have taken the session up');
  const good = await next(all);
  half.say('welcome', {});
  assert.equal(all.session.state, 'connecting', 'nobody hears it');
  good.welcome({ resumed: true });
  assert.deepEqual([all.session.state, half.closed], ['open', undefined]);
  good.drop(4409); // the server heard of `half` late, and it took over
  assert.deepEqual([all.session.state, all.seen.closed], ['waiting', []]);
  (await next(all)).welcome({ resumed: true });
  all.server.newest().drop(4409);
  assert.deepEqual([all.session.state, all.seen.closed], ['closed', [4409]], 'that is so once only');
  assert.equal(half.closed, 1000);
});

test('in a new session, one that was given up is another session, which ends', async () => {
  const all = await newSession();
  const half = all.server.newest();
  half.readyState = 1; // open, and says nothing
  await all.clock.pass(10e3);
  (await next(all)).welcome();
  assert.equal(half.closed, 1000);
  all.server.newest().drop(4409);
  assert.deepEqual([all.session.state, all.seen.closed], ['closed', [4409]], 'it has taken nothing over');
});
