// A play that goes wrong in one of two pages.
import { play, step } from '../lib/play.mjs';
import { until } from '../lib/until.mjs';

await play(async (visit) => {
  for (const name of ['left', 'right']) {
    const page = await visit(name);
    await page.setContent(`<h1>${name}</h1><script>console.warn('${name} speaks')</script>`);
  }
  await step('what never happens', () => until('pigs to fly', () => false, 100));
});
