// Two users write and edit in one room, over connections that the test cuts, or
// on nodes that it kills.
import { connect, engine, equal, until, wrong } from './harness.mjs';

const [server, roomId, ann, bob, count, bobsServer = server] = process.argv.slice(2);
const each = Number(count);
const versions = 3; // of every fifth message

/** A user who writes, and keeps what the room shows. */
function writer(name, token, server) {
  const parley = connect({ server, token, engine, credentials: name === 'ann' ? 'ticket' : 'token' });
  const room = parley.room(Number(roomId));
  const shown = []; // messages
  const now = new Map(); // contents, by id
  parley.on('signedOut', () => wrong(name, 'is signed out'));
  room.on('ended', (e) => wrong(name, 'has no room any more', e));
  room.on('message', (m) => {
    if (m.seq !== shown.length + 1) wrong(name, 'is shown', m.seq, 'behind', shown.length);
    shown.push(m);
    now.set(m.id, m.content);
  });
  room.on('edit', (m) => {
    if (!now.has(m.id)) wrong(name, 'is shown an edit of what was not shown');
    if (version(m.content) < version(now.get(m.id))) wrong(name, 'is shown', m.content, 'behind', now.get(m.id));
    now.set(m.id, m.content);
  });

  async function write() {
    await room.open({ since: 0 });
    const edits = [];
    const sent = Array.from({ length: each }, async (_, i) => {
      const stored = await room.send(`${name} ${i}`);
      if (i % 5 === 0) edits.push(edit(stored.id, `${name} ${i}`));
      return stored;
    });
    const stored = await Promise.all(sent);
    await Promise.all(edits);
    return stored;
  }
  async function edit(id, content) {
    for (let v = 1; v <= versions; v++) await room.edit(id, `${content} v${v}`);
  }
  return { name, parley, room, shown, now, write };
}

const version = (content) => Number(/ v(\d)$/.exec(content)?.[1] ?? 0);

const [a, b] = [writer('ann', ann, server), writer('bob', bob, bobsServer)];
const all = Promise.all([a.write(), b.write()]);
await until('half of it', () => b.shown.length >= each);
console.log('restart');
const stored = await all;
await until('all of it', () => [a, b].every(({ shown }) => shown.length === 2 * each));
for (const { name, shown, now } of [a, b]) {
  const wanted = [...Array(each).keys()].map((i) => `${name} ${i}`);
  const edited = (i) => wanted[i] + (i % 5 ? '' : ` v${versions}`);
  const mine = stored[name === 'ann' ? 0 : 1];
  for (const other of [a, b]) {
    await until(`${other.name} is shown all edits of ${name}`, () => mine.every(({ id }, i) => other.now.get(id) === edited(i)));
  }
  const own = shown.filter((m) => m.author.username === name);
  equal(`the order of what ${name} wrote`, own.map((m) => m.id), mine.map((m) => m.id));
  equal('ids once each', new Set(shown.map((m) => m.id)).size, now.size);
}
for (const { parley } of [a, b]) parley.close();
process.exit();
