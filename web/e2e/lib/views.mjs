// Views: each is looked at for accessibility faults and kept as pictures, light
// and dark, wide and on a phone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from './axe.mjs';
import { stage } from './stage.mjs';

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** What is wrong with any view so far. */
export const found = [];

export async function view(page, name) {
  mkdirSync(stage.screenshots, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await painted(page);
      await page.screenshot({ path: join(stage.screenshots, `${name}-${size}-${scheme}.png`) });
      const where = `${name}, ${size}, ${scheme}`;
      found.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));
      if (await scrollsSideways(page)) found.push(`${where}: it is wider than the window`);
    }
  }
  await page.setViewportSize(sizes.wide);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
}

/** A frame after the change has been painted: before it, a picture shows some of the other colours. */
const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const scrollsSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
