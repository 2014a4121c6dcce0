// A user's connection, to a server that the test plays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock, settled } from './fake_clock.mjs';
import { playServer } from './fake_server.mjs';
import { next } from './session_harness.mjs';
import { source } from './sources.mjs';

const { connect } = await source('parley');

async function open() {
  const clock = new Clock();
  const server = playServer();
  const engine = { ...clock.engine, WebSocket: server.WebSocket, random: () => 0.5, watch: () => () => {} };
  const parley = connect({ server: 'http://server.test', token: 't', credentials: 'token', engine });
  await settled();
  const socket = server.newest();
  socket.welcome();
  return { parley, clock, server, socket };
}

test('what one node does without another may have', async () => {
  const all = await open();
  const told = [];
  all.parley.on('degraded', ({ reasons }) => told.push(reasons));
  all.socket.say('degraded', { reasons: ['cluster'] });
  all.socket.drop();
  (await next(all)).welcome({ resumed: true, node: 'another' });
  assert.deepEqual(told, [['cluster'], []]);
});

test('an answer that comes with the ack of its invite is heard', async () => {
  const { parley, clock, socket } = await open();
  const heard = [];
  const ringing = parley.room(7).ring({ userId: 2 });
  const ack = { invite_id: 'i', invited: [2], expires_at: new Date().toISOString() };
  socket.answer(socket.last('call_invite'), 'ack', ack);
  socket.say('call_accept', { invite_id: 'i', user: { id: 2, username: 'bob' } }, { room_id: 7 });
  const ring = await ringing;
  ring.on('accepted', ({ username }) => heard.push(username));
  ring.on('over', ({ reason }) => heard.push(reason));
  await clock.pass(0);
  assert.deepEqual(heard, ['bob', 'answered']);
});

test('what is closed stays so', async () => {
  const { parley, clock, server } = await open();
  const states = [];
  const room = parley.room(7);
  const opened = room.open();
  room.on('state', ({ state }) => states.push(state));
  parley.close();
  await assert.rejects(opened, { code: 'closed' });
  await assert.rejects(room.open(), { code: 'closed' });
  await assert.rejects(parley.call(7).join(), { code: 'closed' });
  assert.deepEqual([states, parley.state, server.sockets.length, clock.timers], [['closed'], 'closed', 1, 0]);
});
