// The library's sources as modules that Node.js can import: built once for each
// process, into a folder that goes with it. What modules share they share here too.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const src = fileURLToPath(new URL('../src', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'parley-client-'));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));

await build({
  entryPoints: readdirSync(src)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(src, name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});

/** Imports one of the sources, by its name: source('line'). */
export const source = (name) => import(pathToFileURL(join(out, `${name}.mjs`)).href);
