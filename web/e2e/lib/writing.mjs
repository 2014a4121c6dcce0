// Two people write while something is done to them: nothing is lost or doubled,
// and all read it in one order.
import { until } from './until.mjs';

/**
 * Has everybody write, one message after the other, while `act` is under way and
 * a little longer. Resolves with how many there were, when all have read all.
 */
export async function writeDuring(people, topic, act) {
  let over = false;
  const said = [];
  const write = async (person) => {
    for (let i = 0, after = 0; after < 10; i++) {
      if (over) after++;
      const text = `«${topic}: ${person.name} ${i}»`;
      said.push(text);
      await person.say(text);
      await pace();
    }
  };
  const writing = Promise.all(people.map(write));
  try {
    await act();
  } finally {
    over = true;
    await writing;
  }
  await readAll(people, topic, said);
  return said.length;
}

/** Nobody writes faster, in ms: the schedule is of people. */
const pace = () => new Promise((done) => setTimeout(done, 100));

async function readAll(people, topic, said) {
  const about = async (person) => (await person.read()).filter((text) => text.startsWith(`«${topic}: `));
  for (const person of people) {
    await until(`${person.name} to read all ${said.length} of ${topic}`, async () => {
      const read = await about(person);
      const lost = said.filter((text) => !read.includes(text));
      if (lost.length > 0) throw new Error(`not read: ${lost}`);
      return true;
    });
  }
  // What waits to be sent is shown last: the order stands when the last is stored.
  const [first, ...others] = people;
  for (const other of others) {
    await until(`${other.name} and ${first.name} to read the same`, async () => {
      const [a, b] = [await about(first), await about(other)];
      if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error(`${first.name}: ${a}\n${other.name}: ${b}`);
      if (a.length !== said.length) throw new Error(`${a.length} read, ${said.length} said: ${a}`);
      return true;
    });
  }
}
