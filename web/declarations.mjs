import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Removes the declarations below a folder that those of its entry do not lead to: nobody can name what they declare. */
export function pruneDeclarations(folder, entry) {
  const wanted = new Set();
  const follow = (file) => {
    if (wanted.has(file)) return;
    wanted.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)\.ts'/g)) {
      follow(resolve(dirname(file), `${from}.d.ts`));
    }
  };
  follow(join(folder, entry));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith('.d.ts') && !wanted.has(file)) rmSync(file);
  }
}
