// The stage that the Go test has set: where things are, and what can be done to them.

/** What the test says: base, control, sites, screenshots, chromium, test. */
export const stage = JSON.parse(process.env.PARLEY_STAGE);

async function ask(url, { method = 'POST', headers = {}, body } = {}) {
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Does something to the stage. */
export const control = (path, body) => ask(stage.control + path, { body });

/** Restarts the node: same address, same data. */
export async function restart() {
  await control('/node/stop');
  await control('/node/start');
}

/** Ways to the node of one page's own, which can be broken. */
export async function network() {
  const { id, url } = await control('/networks');
  const act = (fault) => () => control(`/networks/${id}/${fault}`);
  return { url, hole: act('hole'), heal: act('heal'), cut: act('cut') };
}

/** A pion peer in a room's call, as a new user. */
export async function pion(name, roomId) {
  const joined = await control(`/peers/${name}/join`, { roomId });
  const act = (what) => (userId, text) => control(`/peers/${name}/${what}`, { userId, text });
  return { ...joined, status: act('status'), send: act('send'), receive: act('receive') };
}

export const password = 'correct horse battery';

/** Users by REST, for scripts that are not about signing up. */
export async function signUp(username) {
  const body = { username, email: `${username}@example.com`, password };
  const { token, user } = await ask(`${stage.base}/api/auth/register/`, { body });
  const call = (method, path, body) =>
    ask(stage.base + path, { method, body, headers: { Authorization: `Token ${token}` } });
  return { username, token, id: user.id, call };
}

/** A room of the first user's that all are in. */
export async function meet(name, ...users) {
  const room = await users[0].call('POST', '/api/rooms/', { name });
  for (const user of users.slice(1)) await user.call('POST', `/api/rooms/${room.id}/join/`);
  return room;
}
