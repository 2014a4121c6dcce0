// Builds what the server embeds, into dist/ (or the folder that is named): the
// client library as one module with its types, and the page. Same sources, same
// bytes: a test compares them with what is committed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pruneDeclarations } from './declarations.mjs';
import { notice } from './notice.mjs';
import { sizes } from './sizes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, 'dist'));
// Built beside it: what does not build leaves the last that did.
const out = `${target}.new`;
const remove = (folder) => rmSync(folder, { recursive: true, force: true });
remove(out);
mkdirSync(out, { recursive: true });
process.on('exit', () => remove(out));

const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: here,
};

await build({
  ...common,
  entryPoints: ['client/src/parley.ts'],
  outfile: join(out, 'client/parley.js'),
});
execFileSync(
  process.execPath,
  [join(here, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.types.json', '--outDir', join(out, 'client')],
  { cwd: here, stdio: 'inherit' },
);
pruneDeclarations(join(out, 'client'), 'parley.d.ts');

// The page loads the library beside it, as any other page would.
const library = {
  name: 'library',
  setup: (b) => b.onResolve({ filter: /^parley-client$/ }, () => ({ path: './client/parley.js', external: true })),
};

const page = await build({
  ...common,
  minify: true,
  metafile: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  entryPoints: ['page/src/main.tsx'],
  plugins: [library],
  outfile: join(out, 'page.js'),
});
writeFileSync(join(out, 'NOTICE.txt'), notice(here, page.metafile));
cpSync(join(here, 'page/static'), out, { recursive: true });

remove(target);
renameSync(out, target);
console.log(sizes(['client/parley.js', 'page.js'].map((name) => [name, readFileSync(join(target, name))])));
