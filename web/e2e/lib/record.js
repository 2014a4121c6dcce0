// Runs in every page before the page's own scripts: keeps note of connections and
// of when remote video begins. The page does not know.
globalThis.recorded = { connections: [], pressed: 0, firstFrame: 0 };

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...args) {
    super(...args);
    const entry = { connection: this, channels: [], heard: [] };
    recorded.connections.push(entry);
    this.addEventListener('datachannel', ({ channel }) => this.#note(entry, channel));
    this.entry = entry;
  }

  createDataChannel(...args) {
    const channel = super.createDataChannel(...args);
    this.#note(this.entry, channel);
    return channel;
  }

  #note(entry, channel) {
    entry.channels.push(channel);
    channel.addEventListener('message', ({ data }) => entry.heard.push(data));
  }
};

// From the press of a button to the first frame of anybody else's video.
addEventListener('click', () => Object.assign(recorded, { pressed: performance.now(), firstFrame: 0 }), true);
new MutationObserver(() => {
  for (const video of document.querySelectorAll('[role=group] video')) {
    if (video.watched || video.closest('[role=group]').getAttribute('aria-label')?.startsWith('You')) continue;
    video.watched = true;
    video.requestVideoFrameCallback((now) => {
      recorded.firstFrame ||= now;
    });
  }
}).observe(document, { childList: true, subtree: true });
