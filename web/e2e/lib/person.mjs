// Somebody who uses the page, by what they see: roles and names.
import { password, stage } from './stage.mjs';
import { until } from './until.mjs';

export class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name) {
    await this.button(name).click();
  }

  async signUp() {
    await this.page.getByRole('tab', { name: 'Sign up' }).click();
    await this.page.getByLabel('User name').fill(this.name);
    await this.page.getByLabel('E-mail').fill(`${this.name}@example.com`);
    await this.page.getByLabel('Password').fill(password);
    await this.press('Create account');
    await this.page.getByRole('navigation', { name: 'Rooms' }).waitFor();
  }

  /** Makes a room and returns its number. */
  async makeRoom(name) {
    await this.press('New room');
    const dialog = this.page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await this.inRoom(name);
    return Number(/rooms\/(\d+)/.exec(this.page.url())[1]);
  }

  async joinRoom(number, name) {
    await this.press('Join a room');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Room number or link').fill(String(number));
    await dialog.getByRole('button', { name: 'Join' }).click();
    await this.inRoom(name);
  }

  async inRoom(name) {
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  // Chat

  async say(text) {
    await this.page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
    await this.press('Send');
  }

  /** What stands between « and » in the room's messages, in order. */
  async read() {
    const text = await this.page.getByRole('log', { name: 'Messages' }).textContent();
    return text.match(/«[^»]*»/g) ?? [];
  }

  /** Whether the page says of anything that it is reconnecting. */
  async isReconnecting() {
    return (
      (await this.page
        .getByText(/reconnecting/i)
        .filter({ visible: true })
        .count()) > 0
    );
  }

  // Calls

  tile(name) {
    return this.page.getByRole('region', { name: 'Call', exact: true }).getByRole('group', { name, exact: true });
  }

  /** How many frames of a tile's video have been decoded; 0 where there is none. */
  async frames(name) {
    const video = this.tile(name).locator('video');
    if ((await video.count()) === 0) return 0;
    return video.first().evaluate((v) => v.getVideoPlaybackQuality().totalVideoFrames, undefined, { timeout: 1000 });
  }

  /** Waits for more frames of a tile than there are, or than `than`. */
  async sees(name, { than = 0, ms } = {}) {
    return until(
      `${this.name} to see ${name}`,
      async () => {
        const now = await this.frames(name);
        return now > than && now;
      },
      ms,
    );
  }

  async leaveCall() {
    await this.press('Leave call');
    await this.page.getByRole('region', { name: 'Call', exact: true }).waitFor({ state: 'detached' });
  }

  /** The page's connections that are not closed: which of all they are, and how they stand. */
  connections() {
    return this.page.evaluate(() =>
      recorded.connections
        .map(({ connection, channels }, index) => ({
          index,
          state: connection.connectionState,
          signaling: connection.signalingState,
          channel: channels.find((c) => c.label === 'parley')?.readyState,
        }))
        .filter(({ state }) => state !== 'closed'),
    );
  }

  /** Sends over the data channel of every open connection. */
  sendData(text) {
    return this.page.evaluate((text) => {
      for (const { connection, channels } of recorded.connections) {
        if (connection.connectionState === 'connected') channels.find((c) => c.readyState === 'open')?.send(text);
      }
    }, text);
  }

  heard() {
    return this.page.evaluate(() => recorded.connections.flatMap(({ heard }) => heard.map(String)));
  }
}

/** Somebody opens the page, by default from the node itself. */
export async function arrive(visit, name, { url = stage.base, ...options } = {}) {
  const page = await visit(name, options);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return new Person(name, page);
}

/** People sign up by the page and meet in a room. */
export async function gather(visit, room, names, options = {}) {
  const people = [];
  for (const name of names) {
    const person = await arrive(visit, name, options[name]);
    await person.signUp();
    people.push(person);
  }
  const number = await people[0].makeRoom(room);
  for (const person of people.slice(1)) await person.joinRoom(number, room);
  return people;
}

/** The first calls, the others accept. Fails unless each sees all others within the time that is promised. */
export async function meetInCall(people, ms = 5000) {
  const [caller, ...others] = people;
  await caller.press('Call');
  for (const person of others) {
    await person.page
      .getByRole('alertdialog', { name: 'Incoming call' })
      .getByRole('button', { name: 'Accept' })
      .click();
    await Promise.all(pairs(people.slice(0, people.indexOf(person) + 1)).map(([a, b]) => a.sees(b.name, { ms })));
  }
}

/** Everybody with everybody else, both ways. */
export function pairs(people) {
  return people.flatMap((a) => people.filter((b) => b !== a).map((b) => [a, b]));
}
