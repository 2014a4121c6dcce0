// One script is one Chromium. Each visitor is a browser context of its own, as
// another person's browser; of a play that fails the pages and their consoles
// are kept.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { chromium } from 'playwright-core';
import { stage } from './stage.mjs';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** Fake devices that need no permission. */
export const fakeUi = '--use-fake-ui-for-media-stream';

const recorder = new URL('record.js', import.meta.url).pathname;
const pages = []; // of all visitors, for what is kept when the play fails

/** Opens another person's browser and returns its page. */
async function visit(browser, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  context.setDefaultTimeout(20_000);
  await context.addInitScript({ path: recorder });
  const page = await context.newPage();
  const console = [];
  page.on('console', (m) => console.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => console.push(`uncaught: ${e.stack ?? e}`));
  pages.push({ name, page, console });
  return page;
}

/** Fails if a page threw what nobody caught. */
function requireQuiet() {
  const wrong = pages.flatMap(({ name, console }) =>
    console.filter((line) => line.startsWith('uncaught: ')).map((line) => `${name}: ${line}`),
  );
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

const folder = join(stage.screenshots, 'failed', stage.test.replaceAll('/', '-'));

/** What a page's connections say of themselves. */
const connections = (page) =>
  page
    .evaluate(() =>
      Promise.all(
        recorded.connections.map(async ({ connection }) => ({
          state: connection.connectionState,
          signaling: connection.signalingState,
          stats: connection.signalingState === 'closed' ? [] : [...(await connection.getStats()).values()],
        })),
      ),
    )
    .catch(String); // a page that has no scripts

async function keep() {
  mkdirSync(folder, { recursive: true });
  for (const { name, page, console } of pages.filter((p) => !p.page.isClosed())) {
    writeFileSync(join(folder, `${name}.log`), `${page.url()}\n${console.join('\n')}\n`);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(await connections(page), null, 1));
    await page.screenshot({ path: join(folder, `${name}.png`) }).catch((e) => process.stderr.write(`${name}: ${e}\n`));
  }
  process.stderr.write(`pages as they were: ${folder}\n`);
}

/** Says which step this is and, when it is over, how long it took. */
export async function step(name, act) {
  const began = performance.now();
  process.stdout.write(`${name} … `);
  const result = await act();
  process.stdout.write(`${Math.round(performance.now() - began)} ms\n`);
  return result;
}

/** Runs a play: `act` gets `visit(name, context options)`. */
export async function play(act, ...moreArgs) {
  rmSync(folder, { recursive: true, force: true }); // of an earlier run
  const browser = await chromium.launch({ executablePath: stage.chromium, args: [...args, ...moreArgs] });
  try {
    await act((name, options) => visit(browser, name, options));
    requireQuiet();
  } catch (e) {
    process.stderr.write(`\n${stripVTControlCharacters(e.stack ?? String(e))}\n`);
    process.exitCode = 1;
    await keep();
  } finally {
    await browser.close();
  }
}
