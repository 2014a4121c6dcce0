// Builds what the package holds: in dist/ what a server serves under /client/, and
// the license.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const site = mkdtempSync(join(tmpdir(), 'parley-web-'));
try {
  execFileSync(process.execPath, [join(here, '../build.mjs'), site], { stdio: 'inherit' });
  rmSync(join(here, 'dist'), { recursive: true, force: true });
  cpSync(join(site, 'client'), join(here, 'dist'), { recursive: true });
  cpSync(join(here, '../../LICENSE'), join(here, 'LICENSE'));
} finally {
  rmSync(site, { recursive: true, force: true });
}
