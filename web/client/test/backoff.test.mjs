import assert from 'node:assert/strict';
import { test } from 'node:test';
import { source } from './sources.mjs';

const { Backoff } = await source('backoff');

test('pauses are random from nothing to a bound that doubles, up to 30 s', () => {
  for (const share of [0, 0.5, 0.999]) {
    const backoff = new Backoff(() => share);
    const bounds = [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000];
    for (const bound of bounds) assert.equal(backoff.next(), share * bound);
    backoff.reset();
    assert.equal(backoff.next(), share * 500);
  }
});
