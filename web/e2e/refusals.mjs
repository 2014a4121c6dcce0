// What goes wrong is said in words that tell what to do. The browser gives no
// camera here, and a call holds two.
import { arrive, gather } from './lib/person.mjs';
import { play, step } from './lib/play.mjs';
import { view } from './lib/views.mjs';

const alert = (person, words) => person.page.getByRole('alert').filter({ hasText: words }).waitFor();

async function wrongPassword(person) {
  await person.page.getByLabel('User name').fill('ann');
  await person.page.getByLabel('Password').fill('not the right one');
  await person.page.getByRole('tabpanel').getByRole('button', { name: 'Sign in' }).click();
  await alert(person, 'The user name or the password is wrong.');
}

async function takenName(person) {
  await person.page.getByRole('tab', { name: 'Sign up' }).click();
  await person.page.getByLabel('User name').fill('ann');
  await person.page.getByLabel('E-mail').fill('other@example.com');
  await person.page.getByLabel('Password').fill('not the right one');
  await person.press('Create account');
  await alert(person, 'User name');
}

async function refusedCamera(person, button) {
  await person.press(button);
  await alert(person, 'Your browser was told not to give the camera and microphone. Allow them in the address bar');
  await person.press('Join without them');
}

await play(async (visit) => {
  const people = await gather(visit, 'Tea', ['ann', 'bob', 'carl']);
  const stranger = await arrive(visit, 'stranger');
  await step('a wrong password', () => wrongPassword(stranger));
  await view(stranger.page, 'wrong-password');
  await step('a name that is taken', () => takenName(stranger));
  await step('a refused camera, and a call without', async () => {
    await refusedCamera(people[0], 'Call');
    const asked = people.slice(1).map(({ page }) => page.getByRole('alertdialog', { name: 'Incoming call' }));
    for (const ring of asked) await ring.getByRole('button', { name: 'Decline' }).click();
    await refusedCamera(people[1], 'Join call');
    await people[0].tile('bob').waitFor();
  });
  await step('a call that is full', async () => {
    await refusedCamera(people[2], 'Join call');
    await alert(people[2], 'This call is full.');
  });
  await view(people[2].page, 'full-call');
});
