// Opens a page in Chromium, says so, and never ends.
import { writeFileSync } from 'node:fs';
import { play } from '../lib/play.mjs';

await play(async (visit) => {
  const page = await visit('idle');
  await page.setContent('<h1>still here</h1>');
  writeFileSync(process.env.PARLEY_READY, 'ready');
  await new Promise(() => setInterval(() => {}, 1000));
});
