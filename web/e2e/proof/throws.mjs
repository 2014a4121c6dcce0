// A play in which all goes well but for what a page throws.
import { play } from '../lib/play.mjs';
import { until } from '../lib/until.mjs';

await play(async (visit) => {
  const page = await visit('thrower');
  let thrown = 0;
  page.on('pageerror', () => thrown++);
  await page.setContent(`<script>throw new Error('nobody catches me')</script>`);
  await until('the error', () => thrown);
});
