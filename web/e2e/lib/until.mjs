// Waiting for conditions. A look may be asynchronous; what it returns or throws
// while it is not yet true is said when time is over.

/** Resolves with the first truthy value that `look` gives, polled for `ms`. */
export async function until(what, look, ms = 20_000) {
  const end = performance.now() + ms;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return last;
    } catch (e) {
      last = e;
    }
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}: ${show(last)}`);
    await pause(25);
  }
}

/** Between two looks. */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const show = (value) => (value instanceof Error ? value.message : (JSON.stringify(value) ?? 'undefined'));
