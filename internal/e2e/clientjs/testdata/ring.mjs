// ann calls bob, who has two devices.
import { connect, engine, equal, until, wrong } from './harness.mjs';

const [server, room, ann, bob] = process.argv.slice(2);
const roomId = Number(room);

function device(token) {
  const parley = connect({ server, token, engine });
  const rings = [];
  const missed = [];
  const signedOut = [];
  parley.on('incomingCall', (ring) => {
    const seen = { ring, over: [] };
    ring.on('over', ({ reason }) => seen.over.push(reason));
    rings.push(seen);
  });
  parley.on('callMissed', (call) => missed.push(call));
  parley.on('signedOut', (e) => signedOut.push(e.code));
  return { parley, rings, missed, signedOut };
}

const caller = device(ann);
const [phone, laptop] = [device(bob), device(bob)];
await until('all are there', () => [caller, phone, laptop].every(({ parley }) => parley.state === 'open'));

async function call(options) {
  const before = phone.rings.length;
  const ring = await caller.parley.room(roomId).ring(options);
  const seen = { ring, accepted: [], declined: [], over: [] };
  for (const event of ['accepted', 'declined']) ring.on(event, (user) => seen[event].push(user.username));
  ring.on('over', ({ reason }) => seen.over.push(reason));
  await until('both devices ring', () => [phone, laptop].every(({ rings }) => rings.length === before + 1));
  return { ...seen, here: phone.rings[before], there: laptop.rings[before] };
}
const overAll = (c) => until('it is over for all', () => [c, c.here, c.there].every(({ over }) => over.length > 0));

let c = await call({ userId: phone.parley.user.id });
equal('who calls', c.here.ring.from.username, 'ann');
equal('where', c.here.ring.roomId, roomId);
await c.here.ring.accept();
await overAll(c);
equal('accepted', [c.accepted, c.over, c.here.over, c.there.over], [['bob'], ['answered'], ['accepted'], ['elsewhere']]);

c = await call();
await c.there.ring.decline();
await overAll(c);
equal('declined', [c.declined, c.over, c.there.over, c.here.over], [['bob'], ['answered'], ['declined'], ['elsewhere']]);

c = await call();
await c.ring.cancel();
await overAll(c);
equal('cancelled', [c.over, c.here.over, c.there.over], [['cancelled'], ['cancelled'], ['cancelled']]);
await until('it was missed', () => phone.missed.length + laptop.missed.length > 0);
const late = await c.here.ring.accept().then(() => wrong('accepted what is over'), (e) => e.code);
equal('an answer too late', late, 'not_found');

c = await call({ lifetimeMs: 1000 });
await overAll(c);
equal('expired', [c.over, c.here.over, c.there.over], [['expired'], ['expired'], ['expired']]);

await phone.parley.api.signOut();
await until('both hear of it', () => [phone, laptop].every(({ signedOut }) => signedOut.length > 0));
equal('signed out', [phone.signedOut, phone.parley.state, laptop.parley.state], [[4401], 'closed', 'closed']);
equal('the other stays', caller.parley.state, 'open');
caller.parley.close();
process.exit();
