// A page that shuts people out, and is too wide, under a policy that forbids scripts.
import { play } from '../lib/play.mjs';
import { found, view } from '../lib/views.mjs';

await play(async (visit) => {
  const page = await visit('faulty');
  await page.setContent(`<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
    <title>faulty</title><main><h1>faulty</h1><input><p style="width: 2000px">wide</p></main>`);
  await view(page, 'faulty');
  process.stdout.write(found.join('\n'));
});
