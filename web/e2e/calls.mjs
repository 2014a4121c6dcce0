// Two people call again and again: both at the same moment, and one after the
// other, with a clock.
import { gather, pairs } from './lib/person.mjs';
import { fakeUi, play, step } from './lib/play.mjs';
import { until } from './lib/until.mjs';

/** Both press at one moment, of a clock that is the same for both. */
async function pressTogether(people, name) {
  const buttons = await Promise.all(people.map((p) => p.button(name).elementHandle({ timeout: 10_000 })));
  await Promise.all(buttons.map((button) => button.waitForElementState('enabled')));
  const at = Date.now() + 40;
  await Promise.all(
    buttons.map((button) =>
      button.evaluate(
        (element, at) =>
          new Promise((done) => {
            const look = () => (Date.now() >= at ? done(element.click()) : setTimeout(look));
            look();
          }).then(() => undefined),
        at,
      ),
    ),
  );
}

/** All connections but one for each other peer are closed, and the one is as it should be. */
async function requireOne(person) {
  await until(`one settled connection of ${person.name}`, async () => {
    const open = await person.connections();
    const settled = open.length === 1 && open[0].state === 'connected' && open[0].signaling === 'stable';
    if (!settled || open[0].channel !== 'open') throw new Error(JSON.stringify(open));
    return true;
  });
}

async function bothAtOnce(people) {
  await pressTogether(people, 'Call');
  for (const [a, b] of pairs(people)) await a.sees(b.name);
  for (const person of people) await requireOne(person);
  await Promise.all(people.map((p) => p.leaveCall()));
  // The call is over when both are offered a new one.
  for (const person of people) await person.button('Call').waitFor();
}

/** Milliseconds from the press of the button to the first remote frame. */
async function joinTime([ann, bob]) {
  await bob.press('Join call');
  await ann.sees('bob', { ms: 5000 });
  const ms = await until(
    'the first frame',
    () => bob.page.evaluate(() => recorded.firstFrame > recorded.pressed && recorded.firstFrame - recorded.pressed),
    5000,
  );
  await bob.leaveCall();
  await ann.tile('bob').waitFor({ state: 'detached' });
  return ms;
}

const percentile = (sorted, p) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]);

await play(async (visit) => {
  const people = await gather(visit, 'Tea', ['ann', 'bob']);
  await step('both press Call at the same moment, 20 times', async () => {
    for (let i = 0; i < 20; i++) await bothAtOnce(people);
  });
  const times = await step('one joins the other, 30 times', async () => {
    await people[0].press('Call');
    await people[1].page.getByRole('button', { name: 'Decline' }).click();
    const times = [];
    for (let i = 0; i < 30; i++) times.push(await joinTime(people));
    return times.sort((a, b) => a - b);
  });
  process.stdout.write(
    `join to first remote frame, ${times.length} calls: p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms\n`,
  );
}, fakeUi);
