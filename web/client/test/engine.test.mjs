// What a browser tells of changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { source } from './sources.mjs';

const { engineWith } = await source('engine');

/** Gives this process what a browser has, and returns its parts. */
function playBrowser(type) {
  const [page, document, connection] = [new EventTarget(), new EventTarget(), new EventTarget()];
  document.visibilityState = 'visible';
  connection.type = type;
  const globals = { document, navigator: { connection }, addEventListener: page.addEventListener.bind(page) };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  return { page, document, connection };
}

test('another network is told from another estimate of its speed', () => {
  for (const type of ['wifi', undefined]) {
    const { page, document, connection } = playBrowser(type);
    const told = [];
    const end = engineWith().watch((change) => told.push(change));
    connection.dispatchEvent(new Event('change'));
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    page.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    document.visibilityState = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    assert.deepEqual(told, ['quality', 'network', 'network', 'visible', 'visible']);
    end();
    connection.dispatchEvent(new Event('change'));
    page.dispatchEvent(new Event('online'));
    assert.equal(told.length, 5);
  }
});
