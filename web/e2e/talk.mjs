// Two people, and then a third, use the page: they sign up, chat and call; the
// server is restarted under them; a screen is shared.
import { gather, meetInCall, pairs } from './lib/person.mjs';
import { fakeUi, play, step } from './lib/play.mjs';
import { restart } from './lib/stage.mjs';
import { until } from './lib/until.mjs';
import { writeDuring } from './lib/writing.mjs';

async function chat([ann, bob]) {
  await ann.say('«hello»');
  await until('bob to read', async () => (await bob.read()).includes('«hello»'));
  await bob.page.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially('well');
  await ann.page.getByRole('status').filter({ hasText: 'bob is typing' }).waitFor();
  await bob.say('«well met»');
  await until('ann to read', async () => (await ann.read()).join() === '«hello»,«well met»');
}

/** The data channels carry something both ways. */
async function exchange(people, text) {
  for (const [from, to] of pairs(people)) {
    await from.sendData(`${text} from ${from.name}`);
    await until(`${to.name} to hear ${from.name}`, async () =>
      (await to.heard()).includes(`${text} from ${from.name}`),
    );
  }
}

const requireSame = (who, before, now) => {
  const [was, is] = [before, now].map((all) => JSON.stringify(all.map(({ index }) => index)));
  if (was !== is) throw new Error(`${who}: the connections were ${was} and are ${is}`);
};

/** While the node is away and after it is back the pictures move on, over the same connections. */
async function survive(people) {
  const before = await Promise.all(people.map((p) => p.connections()));
  const written = await writeDuring(people, 'restart', async () => {
    await restart();
    for (const [a, b] of pairs(people)) {
      for (let i = 0; i < 3; i++) await a.sees(b.name, { than: await a.frames(b.name) });
    }
    for (const person of people) {
      await until(`${person.name} to be connected`, async () => !(await person.isReconnecting()));
    }
  });
  for (const [i, person] of people.entries()) requireSame(person.name, before[i], await person.connections());
  for (const [a, b] of pairs(people)) await a.sees(b.name, { than: await a.frames(b.name) });
  return written;
}

async function shareScreen([ann, bob], before) {
  await ann.press('Share screen');
  await bob.sees('ann, screen');
  await ann.press('Stop sharing');
  await bob.tile('ann, screen').waitFor({ state: 'detached' });
  for (const [i, person] of [ann, bob].entries()) requireSame(person.name, before[i], await person.connections());
}

await play(async (visit) => {
  const people = await step('three sign up and meet', () => gather(visit, 'Tea', ['ann', 'bob', 'carl']));
  const two = people.slice(0, 2);
  await step('two chat', () => chat(two));
  await step('two call', () => meetInCall(two));
  await step('data goes both ways', () => exchange(two, 'first'));
  const written = await step('the server is restarted', () => survive(two));
  process.stdout.write(`  ${written} messages meanwhile\n`);
  await step('data goes both ways, still', () => exchange(two, 'second'));
  await step('a screen is shared, and no more', async () =>
    shareScreen(two, await Promise.all(two.map((p) => p.connections()))),
  );
  await step('a third joins, and all see all', async () => {
    await people[2].press('Join call');
    for (const [a, b] of pairs(people)) await a.sees(b.name, { ms: 5000 });
    await exchange(people, 'third');
  });
  await step('one leaves, two stay', async () => {
    await people[0].leaveCall();
    for (const person of people.slice(1)) await person.tile('ann').waitFor({ state: 'detached' });
    for (const [a, b] of pairs(people.slice(1))) await a.sees(b.name, { than: await a.frames(b.name) });
  });
}, fakeUi);
