// Two people use the front end of dropin/, which is served from another origin.
import { fakeUi, play, step } from './lib/play.mjs';
import { meet, password, signUp, stage } from './lib/stage.mjs';
import { until } from './lib/until.mjs';

const names = ['ann', 'bob'];

/** How many frames each remote video has decoded. */
const frames = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#theirs video')].map((v) => v.getVideoPlaybackQuality().totalVideoFrames),
  );

const messages = (page) => page.locator('#messages li').allTextContents();

async function enter(visit, name) {
  const page = await visit(name);
  await page.goto(`${stage.sites.front}/?server=${stage.base}`, { waitUntil: 'domcontentloaded' });
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Tea' }).click();
  return page;
}

async function chat(pages) {
  const said = ['ann: earlier'];
  for (let i = 0; i < 6; i++) {
    const text = `message ${i}`;
    await pages[i % 2].getByLabel('Message').fill(text);
    await pages[i % 2].getByRole('button', { name: 'Send' }).click();
    said.push(`${names[i % 2]}: ${text}`);
    for (const page of pages) {
      await until(`all to read ${text}`, async () => (await messages(page)).at(-1) === said.at(-1));
    }
  }
  for (const page of pages) {
    const read = await messages(page);
    if (JSON.stringify(read) !== JSON.stringify(said)) throw new Error(`read ${read}, said ${said}`);
  }
}

await play(async (visit) => {
  const users = [];
  for (const name of names) users.push(await signUp(name));
  const room = await meet('Tea', ...users);
  await users[0].call('POST', `/api/rooms/${room.id}/messages/`, { content: 'earlier' });

  const pages = [];
  await step('both log in from another origin', async () => {
    for (const name of names) pages.push(await enter(visit, name));
  });
  await step('they chat both ways', () => chat(pages));
  await step('they call, and both see the other', async () => {
    for (const page of pages) await page.getByRole('button', { name: 'Call' }).click();
    for (const page of pages) {
      await until('frames of one remote video', async () => {
        const seen = await frames(page);
        return seen.length === 1 && seen[0] > 5;
      });
      await until('the call to be active', async () => (await page.textContent('#state')) === 'active');
    }
  });
  await step('one hangs up, and the other sees it', async () => {
    await pages[0].getByRole('button', { name: 'Hang up' }).click();
    await until('the video to go', async () => (await frames(pages[1])).length === 0);
  });
}, fakeUi);
