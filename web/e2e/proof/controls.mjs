// Everything that a script can do to the stage does what it says.
import { play, step } from '../lib/play.mjs';
import { control, meet, network, pion, restart, signUp, stage } from '../lib/stage.mjs';
import { until } from '../lib/until.mjs';

/** What GET at a way to the node gives within a time: a status, or 'nothing'. */
const knock = (url) =>
  fetch(`${url}/api/openapi.json`, { signal: AbortSignal.timeout(300), cache: 'no-store' }).then(
    (answer) => answer.status,
    () => 'nothing',
  );

const require = (what, is, want) => {
  if (is !== want) throw new Error(`${what}: ${is}, want ${want}`);
};

/** A relayed candidate, as browsers find it; resolves with its address, or 'none' once gathering has ended. */
const relayed = (page, server) =>
  page.evaluate(async (server) => {
    const pc = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
    pc.createDataChannel('x');
    const found = new Promise((done) => {
      pc.onicecandidate = ({ candidate }) => done(candidate?.candidate ? candidate.type : 'none');
    });
    await pc.setLocalDescription();
    const type = await found;
    pc.close();
    return type;
  }, server);

await play(async (visit) => {
  const ann = await signUp('ann');
  const room = await meet('Tea', ann);

  await step('the node stops and starts', async () => {
    await control('/node/stop');
    require('a stopped node', await knock(stage.base), 'nothing');
    await control('/node/start');
    require('a started node', await knock(stage.base), 200);
    await restart();
    require('its data', (await ann.call('GET', '/api/rooms/')).count, 1);
    const metrics = await control('/node/metrics');
    if (!metrics.includes('parley_')) throw new Error(`metrics: ${metrics}`);
  });
  await step('a network is broken and healed', async () => {
    const way = await network();
    require('a new network', await knock(way.url), 200);
    await way.hole();
    require('a black hole', await knock(way.url), 'nothing');
    await way.heal();
    require('a healed network', await knock(way.url), 200);
    const page = await visit('cut');
    await page.goto(`${way.url}/api/openapi.json`);
    await page.evaluate(
      ([path, token]) =>
        new Promise((done) => {
          const socket = new WebSocket(path, ['parley.v1', `parley.token.${token}`]);
          socket.onmessage = done;
          socket.onclose = ({ code }) => document.body.replaceChildren(`closed ${code}`);
        }).then(() => undefined),
      ['/ws/', ann.token],
    );
    await way.cut();
    await until('the socket to be lost', async () => (await page.textContent('body')) === 'closed 1006');
  });
  await step('the relay is there, gone, and back', async () => {
    const page = await visit('relayed');
    await page.goto(`${stage.base}/api/openapi.json`);
    const [server] = (await ann.call('GET', '/api/ice-servers/')).ice_servers;
    require('a relay', await relayed(page, server), 'relay');
    await control('/relay/drop');
    require('a relay that is gone', await Promise.race([relayed(page, server), timeout(1000)]), 'nothing');
    await control('/relay/pass');
    require('a relay that is back', await relayed(page, server), 'relay');
  });
  await step('two pion peers meet', async () => {
    const [bob, carl] = [await pion('bob', room.id), await pion('carl', room.id)];
    await bob.send(carl.userId, 'hello');
    require('what carl hears', await carl.receive(bob.userId), 'hello');
    await until('media', async () => (await carl.status(bob.userId)).video > 5);
  });
  await step('a site is told of its server', async () => {
    await control('/sites/front/config', { server: 'http://there' });
    const config = await (await fetch(`${stage.sites.front}/config.json`)).json();
    require('config.json', config.server, 'http://there');
  });
});

function timeout(ms) {
  return new Promise((done) => setTimeout(done, ms, 'nothing'));
}
