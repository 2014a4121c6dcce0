import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from './random.mjs';
import { source } from './sources.mjs';

const { InOrder } = await source('in_order');

const message = (seq, more = {}) => ({
  id: 100 + seq,
  seq,
  content: `m${seq}`,
  created_at: new Date(1e12 + seq).toISOString(),
  ...more,
});
const edited = (seq, at, content) => message(seq, { content, edited_at: new Date(1e12 + at).toISOString() });

function watched() {
  const told = [];
  let missing = 0;
  const order = new InOrder({
    message: (m) => told.push(m.content),
    changed: (m) => told.push(`~${m.content}`),
    missing: () => missing++,
  });
  return { order, told, missing: () => missing };
}

test('each message is told once and in order, however they come', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = randomFrom(seed);
    const { order, told } = watched();
    order.start(0);
    const coming = [...Array(30).keys()].flatMap((i) => [message(i + 1), message(i + 1)]);
    coming.sort(() => random() - 0.5);
    for (const m of coming) order.take(m);
    assert.deepEqual(
      told,
      [...Array(30).keys()].map((i) => `m${i + 1}`),
      `seed ${seed}`,
    );
    assert.equal(order.gap, false);
  }
});

test('a gap is asked for, and closed by what comes', () => {
  const { order, told, missing } = watched();
  order.start(4);
  order.take(message(5));
  assert.equal(missing(), 0);
  order.take(message(8));
  assert.equal(missing(), 1);
  assert.equal(order.last, 5);
  order.take(message(6));
  order.take(message(7));
  assert.deepEqual([told, order.gap], [['m5', 'm6', 'm7', 'm8'], false]);
});

test('what comes before the start is known waits for it', () => {
  const { order, told, missing } = watched();
  order.take(message(4));
  order.take(message(3));
  order.change(edited(2, 50, 'two'));
  order.change(edited(4, 51, 'four'));
  assert.deepEqual([told, missing()], [[], 0]);
  order.start(3);
  assert.deepEqual(told, ['~two', 'm4', '~four']);
});

test('a change is told behind its message, and once', () => {
  const { order, told } = watched();
  order.start(0);
  order.change(edited(1, 10, 'b'));
  order.take(message(1));
  order.change(edited(1, 10, 'b')); // again
  order.change(edited(1, 9, 'a')); // an older one, late
  order.change(edited(1, 10, 'c')); // within the same millisecond
  order.change(message(1, { content: '', deleted_at: new Date(1e12 + 20).toISOString() }));
  assert.deepEqual(told, ['m1', '~b', '~c', '~']);
  assert.equal(order.latest, new Date(1e12 + 20).toISOString());
});
