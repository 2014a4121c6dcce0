import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './fake_clock.mjs';
import { newSession, next, openSession, outcome } from './session_harness.mjs';
import { source } from './sources.mjs';

const { ParleyError } = await source('errors');

test('opens with a ticket, and answers find their requests', async () => {
  const { session, server, seen } = await newSession();
  const early = outcome(session.request('join_call'));
  const socket = server.newest();
  assert.equal(socket.url.href, 'ws://server.test/ws/?ack=1&ticket=t1');
  assert.deepEqual([session.state, socket.sent], ['connecting', []]);
  socket.welcome();
  assert.deepEqual([session.state, seen.welcomes], ['open', [{ resumed: false, first: true }]]);
  assert.deepEqual(socket.types(), ['join_call'], 'what was asked before goes out');
  socket.answer(socket.last('join_call'), 'ack', { peer_id: 'p' });
  const bad = outcome(session.request('chat_message', { content: '' }, { roomId: 7 }));
  assert.equal(socket.last('chat_message').room_id, 7);
  const errors = [{ field: 'content', message: 'is required' }];
  const problem = { code: 'validation_error', message: 'no', temporary: false, errors };
  socket.answer(socket.last('chat_message'), 'error', problem);
  socket.answer(socket.last('chat_message'), 'ack', {}); // too late
  await settled();
  assert.deepEqual(early.value, { peer_id: 'p' });
  assert.ok(bad.e instanceof ParleyError);
  assert.deepEqual([bad.e.code, bad.e.temporary, bad.e.fields], ['validation_error', false, errors]);
});

test('resumes with the number of frames, and sends again what never arrived', async () => {
  const all = await openSession();
  const { session, server, seen } = all;
  const first = server.newest();
  const [offer, message] = [
    outcome(session.request('offer')),
    outcome(session.request('chat_message', {}, { resend: 'always' })),
  ];
  for (const type of ['call_state', 'unread', 'typing']) first.say(type);
  first.drop();
  assert.deepEqual(seen.states.at(-1), { state: 'waiting', retryInMs: 250 });
  const late = outcome(session.request('ice_candidate'));
  const second = await next(all);
  assert.equal(second.url.search, '?ack=1&ticket=t2&resume=token-1&received=3');
  second.welcome({ resumed: true });
  assert.deepEqual(second.types(), ['ping', 'chat_message'], 'what may be done twice goes at once');
  second.say('pong', {}, { id: '999' }); // to an earlier ping
  assert.equal(second.sent.length, 2);
  second.answer(second.last('ping'), 'pong');
  assert.deepEqual(second.types().slice(2), ['offer', 'ice_candidate']);
  for (const type of ['offer', 'chat_message', 'ice_candidate']) second.answer(second.last(type), 'ack', {});
  await settled();
  for (const request of [offer, message, late]) assert.equal(request.state, 'resolved');
  second.drop();
  const third = await next(all);
  assert.match(third.url.search, /resume=token-2&received=5$/, 'counted from the last welcome');
});

test('in a new session a request ends, goes on or is made anew, as it was asked', async () => {
  const all = await openSession();
  const { session, server } = all;
  const [ended, on, anew] = ['session', 'settled', 'always'].map((resend) =>
    outcome(session.request(resend, {}, { resend })),
  );
  session.on('welcome', () => void session.request('subscribe'));
  server.newest().drop();
  const second = await next(all);
  second.welcome();
  await settled();
  assert.deepEqual(second.types(), ['subscribe', 'settled', 'always']);
  assert.deepEqual([ended.state, on.state, anew.state], ['closed', 'pending', 'pending']);
});

test('acknowledges frames by number, size and time', async () => {
  const { server, clock } = await openSession();
  const socket = server.newest();
  const acknowledged = () => socket.sent.filter(({ type }) => type === 'received').map(({ data }) => data.n);
  for (let i = 0; i < 50; i++) socket.say('typing');
  assert.deepEqual(acknowledged(), [50]);
  socket.say('chat_message', { content: 'x'.repeat(20000) });
  assert.deepEqual(acknowledged(), [50, 51]);
  socket.say('typing');
  await clock.pass(19e3);
  assert.deepEqual(acknowledged(), [50, 51]);
  await clock.pass(1e3);
  assert.deepEqual(acknowledged(), [50, 51, 52]);
});

test('comes back or not, as the close code says', async () => {
  for (const code of [1000, 1002, 1003, 1007, 1009, 4401, 4403, 4409, 4410]) {
    const { session, server, seen, clock, watching } = await openSession();
    const asked = outcome(session.request('offer'));
    server.newest().drop(code);
    await settled();
    assert.deepEqual([session.state, seen.closed], ['closed', [code]]);
    const wanted = { 4401: 'unauthenticated', 4403: 'permission_denied' }[code] ?? 'closed';
    assert.equal(asked.state, wanted);
    assert.deepEqual([clock.timers, watching()], [0, false], 'nothing is left behind');
  }
  for (const code of [1001, 1005, 1006, 1011, 1012, 1013, 4508, 4513, 4529]) {
    const { session, server, seen } = await openSession();
    server.newest().drop(code);
    assert.deepEqual([session.state, seen.closed], ['waiting', []], `after ${code}`);
  }
});

test('the server’s slot counts, and no haste changes it', async () => {
  const { server, seen, clock, change } = await openSession();
  server.newest().say('reconnect', { reason: 'restart', retry_after_ms: 1250 });
  server.newest().drop(1012);
  assert.deepEqual(seen.states.at(-1), { state: 'waiting', retryInMs: 1250 });
  change('network');
  await clock.pass(1249);
  assert.equal(server.sockets.length, 1);
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
  server.newest().drop();
  assert.deepEqual(seen.states.at(-1), { state: 'waiting', retryInMs: 250 }, 'a slot is good once');
  change('network');
  await settled();
  assert.equal(server.sockets.length, 3, 'a pause of its own is cut short');
});

test('a ticket that is refused for a time, or for good', async () => {
  let refusal = new ParleyError({ code: 'unavailable', message: '', temporary: true, retryAfterMs: 7000 });
  const all = await newSession({ credentials: () => Promise.reject(refusal) });
  assert.deepEqual(all.seen.states.at(-1), { state: 'waiting', retryInMs: 7000 });
  refusal = new ParleyError({ code: 'unauthenticated', message: '', status: 401 });
  await all.clock.pass(7000);
  assert.deepEqual([all.session.state, all.seen.closed], ['closed', [4401]]);
});

test('close ends all of it', async () => {
  const { session, server, seen, clock } = await openSession();
  const asked = outcome(session.request('offer'));
  session.close();
  assert.deepEqual([session.state, server.newest().closed, clock.timers], ['closed', 1000, 0]);
  await assert.rejects(session.request('offer'), { code: 'closed' });
  server.newest().say('typing');
  await settled();
  assert.deepEqual([asked.state, seen.closed, seen.frames], ['closed', [], []]);
});

test('a frame that would end the session is not sent', async () => {
  const { session, server } = await openSession();
  await assert.rejects(session.request('chat_message', { content: 'ä'.repeat(40000) }), { code: 'message_too_long' });
  assert.deepEqual(server.newest().sent, []);
});
