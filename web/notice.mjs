import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licenses of what others wrote and a bundle (esbuild's metafile) contains, which want to be passed on with it. */
export function notice(root, metafile) {
  const names = Object.keys(metafile.inputs).map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  const parts = [...new Set(names)].filter(Boolean).sort();
  const texts = parts.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no license to pass on`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `The page contains, besides its own code:\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}
