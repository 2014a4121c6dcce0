// A walk through every view of the page: pictures are kept, and axe-core finds no
// serious fault.
import { arrive, meetInCall } from './lib/person.mjs';
import { fakeUi, play, step } from './lib/play.mjs';
import { until } from './lib/until.mjs';
import { found, view } from './lib/views.mjs';

const talk = [
  ['ann', 'Shall we look at the drawings before lunch?'],
  ['bob', 'Yes. I have put them at https://example.com/drawings'],
  ['bob', 'The second one is the better, I think: fewer parts, and all that turns is on one side.'],
  ['ann', 'Then let us call.'],
];

async function signedOut(ann) {
  await view(ann.page, 'sign-in');
  await ann.page.getByRole('tab', { name: 'Sign up' }).click();
  await view(ann.page, 'sign-up');
  await ann.signUp();
  await view(ann.page, 'no-rooms');
}

async function rooms(ann, bob) {
  await ann.press('New room');
  await view(ann.page, 'new-room');
  await ann.page.keyboard.press('Escape');
  const number = await ann.makeRoom('Drawings');
  await view(ann.page, 'empty-room');
  await bob.signUp();
  await bob.press('Join a room');
  await view(bob.page, 'join-room');
  await bob.page.keyboard.press('Escape');
  await bob.joinRoom(number, 'Drawings');
}

async function room(ann, bob) {
  for (const [name, text] of talk) {
    await (name === 'ann' ? ann : bob).say(text);
    for (const { page } of [ann, bob]) await page.getByRole('log', { name: 'Messages' }).getByText(text).waitFor();
  }
  await view(ann.page, 'room');
  await ann.page.getByRole('button', { name: /^People/ }).click();
  await ann.page.getByRole('complementary', { name: 'People' }).waitFor();
  await view(ann.page, 'people');
  await ann.page.getByRole('button', { name: /^People/ }).click();
  await ann.page.getByRole('button', { name: 'Message actions' }).last().click();
  await view(ann.page, 'message-actions');
  await ann.page.keyboard.press('Escape');
  await ann.press('Account');
  await view(ann.page, 'account');
  await ann.page.keyboard.press('Escape');
}

async function call(ann, bob) {
  await ann.press('Call');
  await bob.page.getByRole('alertdialog', { name: 'Incoming call' }).waitFor();
  await view(bob.page, 'incoming-call');
  await view(ann.page, 'calling');
  await ann.leaveCall();
  await bob.page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await meetInCall([ann, bob]);
  await view(ann.page, 'call');
  await ann.press('Devices');
  await view(ann.page, 'devices');
  await ann.page.keyboard.press('Escape');
  await ann
    .tile('bob')
    .getByRole('button', { name: /^Connection quality: / })
    .click();
  await until('the path to be told', () => ann.page.getByText('Round trip').isVisible());
  await view(ann.page, 'quality');
  await ann.page.keyboard.press('Escape');
  await bob.press('Share screen');
  await ann.sees('bob, screen');
  await view(ann.page, 'shared-screen');
  await bob.leaveCall();
  await ann.leaveCall();
}

await play(async (visit) => {
  const [ann, bob] = [await arrive(visit, 'ann'), await arrive(visit, 'bob')];
  await step('signed out', () => signedOut(ann));
  await step('rooms', () => rooms(ann, bob));
  await step('a room', () => room(ann, bob));
  await step('a call', () => call(ann, bob));
  if (found.length > 0) throw new Error(found.join('\n'));
}, fakeUi);
