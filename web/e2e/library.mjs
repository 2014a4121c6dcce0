// The client library in pages of another origin: with a pion peer, with offers
// that cross, and with ICE begun anew.
import { fakeUi, play, step } from './lib/play.mjs';
import { meet, pion, signUp, stage } from './lib/stage.mjs';
import { until } from './lib/until.mjs';

/** Has a user's page ready to join a room's call. */
async function enter(visit, user, room) {
  const page = await visit(user.username);
  await page.goto(`${stage.sites.library}/`, { waitUntil: 'load' });
  await page.evaluate((who) => ready(who), { server: stage.base, token: user.token, roomId: room.id });
  return page;
}

const join = (page) => page.evaluate(() => person.join());
const link = (page, name) => page.evaluate((name) => person.link(name), name);

/** Waits until a link is up and as wanted, and returns it. */
async function linked(page, name, wanted = () => true) {
  let last;
  return until(`the link to ${name}`, async () => {
    last = await link(page, name);
    const up = last?.state === 'connected' && last.signaling === 'stable';
    if (up && wanted(last)) return last;
    throw new Error(JSON.stringify(last));
  });
}

const require = (what, is, want) => {
  if (is !== want) throw new Error(`${what}: ${is}, want ${want}`);
};

async function withPion(visit, ann) {
  const room = await meet('with pion', ann);
  const page = await enter(visit, ann, room);
  await join(page);
  const robot = await pion('robot', room.id);
  await linked(page, 'robot', (l) => l.audio > 5 && l.video > 5); // packets: there is nothing to decode in them
  await until('media of the page', async () => {
    const now = await robot.status(ann.id);
    return now.audio > 5 && now.video > 5;
  });
  await until('the channel to be open', () => page.evaluate(() => person.peer('robot').send('from the page')));
  require('what pion hears', await robot.receive(ann.id), 'from the page');
  await robot.send(ann.id, 'from pion');
  await until('the page to hear pion', () => page.evaluate(() => person.heard.includes('from pion')));
  await page.context().close();
}

/** What one sends over the library's data channel the other hears, both ways. */
async function exchange(pages, names) {
  for (const side of [0, 1]) {
    const text = `from ${names[side]}`;
    await pages[side].evaluate(([to, text]) => person.peer(to).send(text), [names[1 - side], text]);
    await until('the other to hear', () => pages[1 - side].evaluate((text) => person.heard.includes(text), text));
  }
}

/** Both pages act at one moment, as clocks that are the same allow. */
async function together(pages, act) {
  const at = Date.now() + 40;
  await Promise.all(
    pages.map((page) =>
      page.evaluate(
        ([act, at]) =>
          new Promise((done) => {
            const look = () => (Date.now() >= at ? done(person[act]()) : setTimeout(look));
            look();
          }).then(() => undefined),
        [act, at],
      ),
    ),
  );
}

async function glare(pages, names, times) {
  const before = [await linked(pages[0], names[1]), await linked(pages[1], names[0])];
  for (let i = 0; i < times; i++) {
    const act = i % 2 ? 'unshare' : 'share';
    const want = i % 2 ? 1 : 2;
    await together(pages, act);
    for (const side of [0, 1]) {
      const now = await linked(pages[side], names[1 - side], (l) => l.streams.length === want);
      require(`the connection of ${names[side]} after ${i + 1} times`, now.same, before[side].same);
      await linked(pages[side], names[1 - side], (l) => l.audio > now.audio && l.camera > now.camera);
    }
  }
}

async function restartIce(pages, names) {
  const before = [await linked(pages[0], names[1]), await linked(pages[1], names[0])];
  await pages[1].evaluate(() => person.call.restartIce());
  for (const side of [0, 1]) {
    const now = await linked(pages[side], names[1 - side], (l) => l.ufrag !== before[side].ufrag);
    await linked(pages[side], names[1 - side], (l) => l.camera > now.camera);
    require(`the connection of ${names[side]}`, now.same, before[side].same);
  }
}

await play(async (visit) => {
  const names = ['ann', 'bob'];
  const [ann, bob] = [await signUp(names[0]), await signUp(names[1])];
  await step('a page and a pion peer', () => withPion(visit, ann));

  const room = await meet('Tea', ann, bob);
  const pages = [await enter(visit, ann, room), await enter(visit, bob, room)];
  await step('two pages join at once', () => Promise.all(pages.map(join)));
  await step('both see the other', async () => {
    for (const side of [0, 1]) await linked(pages[side], names[1 - side], (l) => l.camera > 0 && l.open);
  });
  await step('they exchange data', () => exchange(pages, names));
  await step('both negotiate at once, 20 times', () => glare(pages, names, 20));
  await step('ICE restarts', () => restartIce(pages, names));
  await step('one leaves, and comes back', async () => {
    await pages[0].evaluate(() => person.call.leave());
    await until('the other to know', async () => !(await link(pages[1], names[0])));
    await join(pages[0]);
    for (const side of [0, 1]) await linked(pages[side], names[1 - side], (l) => l.camera > 0 && l.open);
  });
}, fakeUi);
