// The package as it is published: it loads, and its types and its README hold.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parley-package-'));
const app = join(folder, 'app'); // which has installed it
const installed = join(app, 'node_modules/parley-client');
const readme = readFileSync(join(web, 'client/README.md'), 'utf8');

/** Runs a program, and returns what it prints. */
function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (e) {
    throw new Error(`${program} ${args.join(' ')}\n${e.stdout}${e.stderr}`);
  }
}

/** Compiles a module of the application's, as strictly as can be. */
function compile(name, source, resolution) {
  writeFileSync(join(app, name), source);
  const how = { nodenext: ['--module', 'nodenext'], bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'] };
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false'];
  const target = ['--target', 'es2022', '--lib', 'es2023,dom,dom.iterable', '--types', '', '--noEmit'];
  const compiler = join(web, 'node_modules/typescript/bin/tsc');
  run(process.execPath, [compiler, ...how[resolution], ...strict, ...target, name], app);
}

// Packed by the package's own script, where nothing of it stays.
before(() => {
  const client = join(folder, 'web/client');
  for (const made of [client, installed]) mkdirSync(made, { recursive: true });
  symlinkSync(join(web, 'build.mjs'), join(folder, 'web/build.mjs'));
  cpSync(join(web, '../LICENSE'), join(folder, 'LICENSE'));
  for (const name of ['package.json', 'README.md', 'pack.mjs']) cpSync(join(web, 'client', name), join(client, name));
  run('npm', ['pack', '--offline', '--no-update-notifier', '--pack-destination', folder], client);
  const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', packed, '-C', installed, '--strip-components=1'], folder);
  writeFileSync(join(app, 'package.json'), '{"type": "module"}');
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('it holds what it needs, and no more', () => {
  const files = readdirSync(installed).sort();
  assert.deepEqual(files, ['LICENSE', 'README.md', 'dist', 'package.json']);
  const built = readdirSync(join(installed, 'dist'), { recursive: true });
  assert.deepEqual(built.filter((name) => !name.endsWith('.d.ts')).sort(), ['parley.js', 'types']);
});

test('it loads without a browser', () => {
  const text = "import * as all from 'parley-client'; console.log(Object.keys(all).sort().join());";
  writeFileSync(join(app, 'load.mjs'), text);
  assert.equal(run(process.execPath, ['load.mjs'], app).trim(), 'ParleyError,connect,signIn,signUp');
});

const consumer = `
import { connect, ParleyError, signIn } from 'parley-client';
import type { Call, Engine, Login, Message, Parley, Peer, Quality, Ring, Room, RoomInfo } from 'parley-client';

const engine: Partial<Engine> = { random: () => 0.5 };
const login: Login = await signIn({ username: 'ann', password: 'x' }, { server: 'https://chat.example.com' });
const parley: Parley = connect({ server: new URL('https://chat.example.com'), token: login.token, engine });
const off: () => void = parley.on('incomingCall', async (ring: Ring) => ring.accept());
parley.on('state', ({ state, retryInMs }) => console.log(state === 'waiting' ? (retryInMs ?? 0) + 1 : 0));
// @ts-expect-error there is no such event
parley.on('nothing', () => {});
const rooms: RoomInfo[] = (await parley.api.rooms()).results;
const room: Room = parley.room(rooms[0]?.id ?? 1);
room.on('message', ({ seq, author, edited_at: at }: Message) => console.log(seq + 1, author.display_name, at?.length));
const { id, clientMsgId }: { id: number; clientMsgId: string } = await room.send('x');
const call: Call = parley.call(room.id);
call.on('peer', (peer: Peer) => {
  peer.on('data', (data) => console.log(typeof data === 'string' ? data : data.byteLength));
  peer.quality().then(({ roundTripMs }: Quality) => roundTripMs);
});
call.join({ stream: new MediaStream(), iceTransportPolicy: 'relay' }).catch((e: unknown) => {
  if (e instanceof ParleyError && e.code === 'room_full') console.log(e.fields[0]?.field, e.retryAfterMs);
});
// @ts-expect-error it is not for writing
call.state = 'idle';
export { clientMsgId, id, off };
`;

for (const resolution of ['nodenext', 'bundler']) {
  test(`its types hold, resolved as ${resolution}`, () => compile('consumer.mts', consumer, resolution));
}

test('the README’s examples are right', () => {
  const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.equal(examples.length, 2);
  const [call] = examples;
  assert.ok(call.trim().split('\n').length <= 25, 'a call is short');
  const served = "'/client/parley.js'";
  assert.ok(call.includes(served));
  compile('readme.mts', examples.join('').replace(served, "'parley-client'"), 'bundler');
});
