// The network of one page is cut for eight seconds: its way to the server, which
// is a proxy, and its media, which go over a relay. The page is from another origin.
import { gather, meetInCall } from './lib/person.mjs';
import { fakeUi, play, step } from './lib/play.mjs';
import { control, network, stage } from './lib/stage.mjs';
import { until } from './lib/until.mjs';
import { writeDuring } from './lib/writing.mjs';

const outage = 8000; // ms

await play(async (visit) => {
  const way = await network();
  await control('/sites/page/config', { server: way.url, iceTransportPolicy: 'relay' });
  const people = await gather(visit, 'Tea', ['ann', 'bob'], { ann: { url: stage.sites.page } });
  const [ann, bob] = people;
  await step('two call, one over a relay', () => meetInCall(people));
  await step('the network of one is cut, and is back', async () => {
    const written = await writeDuring(people, 'cut', async () => {
      await Promise.all([way.hole(), control('/relay/drop')]);
      await new Promise((done) => setTimeout(done, outage));
      await Promise.all([way.heal(), control('/relay/pass')]);
    });
    process.stdout.write(`${written} messages meanwhile, `);
  });
  await step('both see the other go on', async () => {
    for (const [a, b] of [
      [ann, bob],
      [bob, ann],
    ])
      await a.sees(b.name, { than: (await a.frames(b.name)) + 5 });
    for (const person of people) {
      await until(`${person.name} to be connected`, async () => !(await person.isReconnecting()));
    }
    await ann.say('«after»');
    await until('bob to read on', async () => (await bob.read()).includes('«after»'));
  });
}, fakeUi);
