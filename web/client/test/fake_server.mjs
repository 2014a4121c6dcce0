// A server that a test plays: every WebSocket of the library is here, in the order
// in which they were made.
export function playServer() {
  const sockets = [];
  class FakeSocket {
    readyState = 0;
    sent = []; // frames
    closed; // the code, where the library has closed it

    constructor(url, protocols) {
      Object.assign(this, { url: new URL(url), protocols });
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code = 1005) {
      this.closed = code;
      this.readyState = 3;
    }

    // The server's part.
    say(type, data = {}, more = {}) {
      this.readyState = 1;
      this.onmessage({ data: JSON.stringify({ type, data, ...more }) });
    }
    welcome(data = {}) {
      const all = { connection_id: 'c', user: { id: 1 }, heartbeat_s: 25, resume_window_s: 20, features: [] };
      this.say('welcome', { ...all, resume_token: `token-${sockets.indexOf(this) + 1}`, resumed: false, ...data });
    }
    answer(frame, type, data) {
      this.say(type, data, { id: frame.id });
    }
    drop(code = 1006, reason = '') {
      this.readyState = 3;
      this.onclose({ code, reason });
    }
    types() {
      return this.sent.map(({ type }) => type);
    }
    last(type) {
      return this.sent.findLast((frame) => frame.type === type);
    }
  }
  return { sockets, WebSocket: FakeSocket, newest: () => sockets.at(-1) };
}
