// A room's chat, over a line and an API that the test plays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock, settled } from './fake_clock.mjs';
import { outcome } from './session_harness.mjs';
import { source } from './sources.mjs';

const { ChatRoom } = await source('room');
const { engineWith } = await source('engine');
const { ParleyError } = await source('errors');

const at = (n) => new Date(1e12 + n).toISOString();
const message = (seq, more = {}) => ({
  id: 100 + seq,
  seq,
  room_id: 7,
  content: `m${seq}`,
  created_at: at(seq),
  ...more,
});
const refusal = (code, temporary = false) => new ParleyError({ code, message: code, temporary });

function newRoom(stored = []) {
  const clock = new Clock();
  const requests = []; // to the line
  const notified = [];
  const queries = []; // to the API
  const line = {
    state: 'open',
    request: (type, data, options) =>
      new Promise((resolve, reject) => requests.push({ type, data, options, resolve, reject })),
    notify: (type, data) => notified.push({ type, data }),
  };
  const api = {
    callState: async () => ({ participants: [], room_state: 'idle' }),
    async messages(_, query) {
      queries.push(query);
      const results = stored.filter((m) => (query.after_seq === undefined ? m.edited_at : m.seq > query.after_seq));
      return { count: stored.length, next: null, previous: null, results };
    },
  };
  const engine = engineWith({ ...clock.engine, random: () => 0.5 });
  const room = new ChatRoom({ id: 7, line, api, engine, ring: () => Promise.reject(refusal('not_found')) });
  const seen = { messages: [], edits: [], states: [], ended: [] };
  room.on('message', (m) => seen.messages.push(m.content));
  room.on('edit', (m) => seen.edits.push(m.content));
  room.on('state', (e) => seen.states.push(e.state));
  room.on('ended', (e) => seen.ended.push(e.code));
  const say = (type, data) => room.hear({ type, room_id: 7, data });
  const newest = (type) => requests.findLast((r) => r.type === type);
  return { room, line, clock, requests, notified, queries, seen, say, newest };
}

async function openRoom(lastSeq, options) {
  const all = newRoom(options?.stored);
  const opened = all.room.open(options);
  all.newest('subscribe').resolve({ last_seq: lastSeq });
  await opened;
  return all;
}

test('opens where the server is, or where the page left off', async () => {
  const { room, newest, seen, say } = newRoom();
  const opened = outcome(room.open());
  assert.deepEqual(newest('subscribe').data, { room_id: 7, channel: 'chat' });
  newest('subscribe').resolve({ last_seq: 3 });
  say('chat_message', message(4)); // as soon as the ack
  await settled();
  assert.deepEqual([opened.value, seen.messages, room.lastSeq], [{ lastSeq: 3 }, ['m4'], 4]);

  const since = newRoom();
  void since.room.open({ since: 2 });
  assert.equal(since.newest('subscribe').data.since_seq, 2);
});

test('a refusal ends it, once it was open with words', async () => {
  const never = newRoom();
  const opened = outcome(never.room.open());
  never.newest('subscribe').reject(refusal('permission_denied'));
  await settled();
  assert.deepEqual([opened.state, never.room.state, never.seen.ended], ['permission_denied', 'closed', []]);

  const later = await openRoom(0);
  later.room.welcome(false);
  later.newest('subscribe').reject(refusal('permission_denied'));
  await settled();
  assert.deepEqual([later.room.state, later.seen.ended], ['closed', [4403]]);

  const deleted = await openRoom(0);
  deleted.say('unsubscribed', { room_id: 7, channel: 'chat', code: 4410, reason: 'deleted' });
  assert.deepEqual([deleted.room.state, deleted.seen.ended], ['closed', [4410]]);
});

test('what a socket did not bring is asked for', async () => {
  const stored = [1, 2, 3, 4, 5].map((seq) => message(seq));
  const { queries, seen, say } = await openRoom(1, { stored });
  say('chat_message', message(4));
  await settled();
  assert.deepEqual([queries, seen.messages], [[{ after_seq: 1, limit: 100 }], ['m2', 'm3', 'm4', 'm5']]);
});

test('in a new session messages come from where it was, and changes by REST', async () => {
  const stored = [message(1), message(2, { content: 'edited', edited_at: at(60e3) })];
  const { room, line, queries, seen, say, newest } = await openRoom(0, { stored });
  say('chat_message', message(1));
  say('chat_message', message(2));
  line.state = 'connecting';
  room.lost();
  assert.equal(room.state, 'waiting');
  line.state = 'open';
  room.welcome(false);
  assert.equal(newest('subscribe').data.since_seq, 2);
  newest('subscribe').resolve({ last_seq: 2 });
  await settled();
  assert.deepEqual(queries, [{ changed_since: at(2 - 10e3), page: 1 }]);
  assert.deepEqual([seen.edits, seen.states], [['edited'], ['opening', 'open', 'waiting', 'open']]);
});

test('messages go one after the other, and those that are refused for a time again', async () => {
  const { room, clock, requests, newest } = await openRoom(0);
  const [first, second] = [outcome(room.send('a', { clientMsgId: 'x' })), outcome(room.send('b'))];
  const sent = () => requests.filter(({ type }) => type === 'chat_message').map(({ data }) => data.content);
  await settled();
  assert.deepEqual(newest('chat_message').data, { content: 'a', client_msg_id: 'x' });
  newest('chat_message').reject(refusal('unavailable', true));
  await settled();
  assert.deepEqual(sent(), ['a']);
  await clock.pass(250);
  newest('chat_message').resolve({ id: 101, seq: 1 });
  await settled();
  assert.deepEqual([sent(), first.value], [['a', 'a', 'b'], { id: 101, seq: 1, clientMsgId: 'x' }]);
  newest('chat_message').reject(refusal('message_too_long'));
  await settled();
  assert.equal(second.state, 'message_too_long');
  const third = outcome(room.send('c'));
  room.close();
  await settled();
  assert.deepEqual([third.state, clock.timers], ['closed', 0]);
  // What follows is refused unless the subscription is sent again before it.
  const again = new Set(requests.map(({ type, options }) => `${type} ${options?.resend}`));
  assert.deepEqual([...again], ['subscribe always', 'chat_message always', 'unsubscribe undefined']);
});

test('who opens again is not put out by having closed', async () => {
  const { room, line, newest, requests, say, seen } = await openRoom(3);
  const subscribed = () => requests.filter(({ type }) => type === 'subscribe').length;
  line.state = 'connecting';
  room.lost();
  room.close();
  const again = outcome(room.open());
  line.state = 'open';
  room.welcome(true);
  await settled();
  assert.equal(subscribed(), 1, 'the old subscription may yet be ended');
  newest('unsubscribe').resolve({});
  await settled();
  assert.equal(subscribed(), 2);
  newest('subscribe').resolve({ last_seq: 5 });
  say('chat_message', message(6));
  await settled();
  assert.deepEqual([again.value, seen.messages, room.state], [{ lastSeq: 5 }, ['m6'], 'open']);
});

test('a subscription that the server ends for a time comes back, with pauses', async () => {
  const { room, clock, requests, newest, say } = await openRoom(3);
  const subscribed = () => requests.filter(({ type }) => type === 'subscribe').length;
  const end = () => say('unsubscribed', { room_id: 7, channel: 'chat', code: 1011, reason: 'replay failed' });
  for (const pause of [250, 500]) {
    const before = subscribed();
    end();
    assert.equal(room.state, 'waiting');
    await clock.pass(pause - 1);
    assert.equal(subscribed(), before);
    await clock.pass(1);
    assert.equal(subscribed(), before + 1);
    newest('subscribe').resolve({ last_seq: 3 });
    await settled();
    assert.equal(room.state, 'open');
  }
  say('presence_state', { users: [], count: 0 }); // behind all that was missed
  const before = subscribed();
  end();
  await clock.pass(250);
  assert.equal(subscribed(), before + 1, 'it went well meanwhile');
});

test('an edit waits for the subscription, and is refused where there is no room', async () => {
  const { room, clock, newest, requests } = await openRoom(3);
  const edit = outcome(room.edit(101, 'x'));
  newest('message_edit').reject(refusal('not_subscribed'));
  await settled();
  await clock.pass(250);
  assert.equal(requests.filter(({ type }) => type === 'message_edit').length, 2);
  newest('message_edit').resolve({ id: 101, seq: 1 });
  await settled();
  assert.equal(edit.state, 'resolved');
  room.close();
  await assert.rejects(room.edit(101, 'y'), { code: 'closed' });
});

test('one typing in two seconds, and none where there is no room', async () => {
  const { room, notified, clock } = await openRoom(0);
  const typed = () => notified.filter(({ type }) => type === 'typing').length;
  room.typing();
  room.typing('…');
  assert.equal(typed(), 1);
  await clock.pass(2000);
  room.typing('…');
  assert.deepEqual([typed(), notified.at(-1).data], [2, { note: '…' }]);
  room.close();
  await clock.pass(2000);
  room.typing();
  assert.equal(typed(), 2);
});

test('presence is who is there, or how many', async () => {
  const { room, say } = await openRoom(0);
  const [ann, bob] = [1, 2].map((id) => ({ id, username: `u${id}`, display_name: '' }));
  say('presence_state', { users: [ann], count: 1 });
  say('user_online', { user: bob });
  say('user_online', { user: bob });
  assert.deepEqual([[...room.online.keys()], room.onlineCount], [[1, 2], 2]);
  say('user_offline', { user: ann });
  assert.deepEqual([[...room.online.keys()], room.onlineCount], [[2], 1]);
  say('presence_state', { users: [], count: 300 });
  say('user_online', { user: ann });
  assert.deepEqual([room.online.size, room.onlineCount], [0, 300]);
});
