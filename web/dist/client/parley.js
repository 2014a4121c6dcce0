// client/src/engine.ts
function engineWith(given = {}) {
  return {
    fetch: (...request) => globalThis.fetch(...request),
    WebSocket: globalThis.WebSocket,
    RTCPeerConnection: globalThis.RTCPeerConnection,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    now: () => performance.now(),
    watch,
    ...given
  };
}
function watch(changed) {
  if (typeof document === "undefined") return () => {
  };
  const ended2 = new AbortController();
  const options = { signal: ended2.signal };
  const network = () => changed("network");
  addEventListener("online", network, options);
  const { connection } = navigator;
  let type = connection?.type;
  connection?.addEventListener(
    "change",
    () => {
      changed(connection.type === type ? "quality" : "network");
      type = connection.type;
    },
    options
  );
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && changed("visible"),
    options
  );
  addEventListener("pageshow", (e) => e.persisted && changed("visible"), options);
  return () => ended2.abort();
}

// client/src/errors.ts
var ParleyError = class extends Error {
  code;
  /** Whether the same may succeed later, unchanged. */
  temporary;
  /** HTTP status, where the failure came over HTTP. */
  status;
  /** The fields that are to blame. */
  fields;
  /** How long to wait before trying again, where the server knows. */
  retryAfterMs;
  constructor({ code, message, temporary = false, status, fields = [], retryAfterMs }) {
    super(message);
    this.name = "ParleyError";
    this.code = code;
    this.temporary = temporary;
    this.fields = fields;
    if (status !== void 0) this.status = status;
    if (retryAfterMs !== void 0) this.retryAfterMs = retryAfterMs;
  }
};
var closedError = (message = "closed") => new ParleyError({ code: "closed", message });

// client/src/http.ts
var patience = 3e4;
function serverUrl(server) {
  const url = new URL(server ?? globalThis.location.origin);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
var Http = class {
  #server;
  #engine;
  #token;
  constructor(server, engine, token) {
    this.#server = server;
    this.#engine = engine;
    this.#token = token;
  }
  /** Resolves with the answer's body. Rejects with a ParleyError. */
  async request(path2, { method = "GET", body, query = {} } = {}) {
    const url = new URL(path2, this.#server);
    for (const [name, value] of Object.entries(query)) {
      if (value !== void 0) url.searchParams.set(name, String(value));
    }
    const headers = {};
    if (this.#token) headers.Authorization = `Token ${this.#token}`;
    if (body) headers["Content-Type"] = "application/json";
    const late = new AbortController();
    const intime = this.#engine.after(patience, () => late.abort());
    try {
      const json = body && { body: JSON.stringify(body) };
      const answer = await this.#engine.fetch(url, { method, headers, signal: late.signal, ...json });
      if (!answer.ok) throw await refusal(answer);
      return answer.status === 204 ? void 0 : await answer.json();
    } catch (e) {
      throw e instanceof ParleyError ? e : new ParleyError({ code: "network", message: "no answer", temporary: true });
    } finally {
      intime();
    }
  }
};
async function refusal(answer) {
  const { status, statusText } = answer;
  const problem = await answer.json().catch(() => ({}));
  const retryAfter = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return new ParleyError({
    code: problem.code ?? (status >= 500 ? "unavailable" : "internal"),
    message: problem.detail ?? problem.title ?? statusText,
    temporary: status === 429 || status >= 500,
    status,
    ...problem.errors && { fields: problem.errors },
    ...Number.isFinite(retryAfter) && { retryAfterMs: retryAfter * 1e3 }
  });
}

// client/src/account.ts
function signUp(account, options) {
  return http(options).request("api/auth/register/", { method: "POST", body: account });
}
function signIn(who, options) {
  return http(options).request("api/auth/login/", { method: "POST", body: who });
}
var http = ({ server, engine } = {}) => new Http(serverUrl(server), engineWith(engine));

// client/src/emitter.ts
var Emitter = class {
  #listeners = /* @__PURE__ */ new Map();
  /** Calls `listener` at each `event` from now on. Returns a function that ends it. */
  on(event, listener) {
    const own = (e) => listener(e);
    const listeners = this.#listeners.get(event) ?? /* @__PURE__ */ new Set();
    this.#listeners.set(event, listeners.add(own));
    return () => void listeners.delete(own);
  }
  /** Tells the listeners, in the order in which they came. What one of them throws is reported and stops no other. */
  emit(event, e) {
    for (const listener of [...this.#listeners.get(event) ?? []]) {
      try {
        listener(e);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
};

// client/src/own_media.ts
var camera = "camera";
var OwnMedia = class {
  muted = { audio: false, video: false };
  #labels = /* @__PURE__ */ new Map();
  #ended;
  #watched = new AbortController();
  // the tracks
  /** `ended` hears of a stream whose tracks have all ended by themselves: its sharing was stopped. */
  constructor(ended2) {
    this.#ended = ended2;
  }
  /** What is to be sent: each stream's label. */
  get streams() {
    return this.#labels;
  }
  get about() {
    const streams = Object.fromEntries([...this.#labels].map(([{ id }, label]) => [id, label]));
    return { streams, muted: { ...this.muted } };
  }
  /** A stream may be added again when it has new tracks. */
  add(stream, label) {
    this.#labels.set(stream, label);
    for (const track of stream.getTracks()) {
      if (label === camera) this.#enable(track);
      else track.addEventListener("ended", () => this.#endedTrack(stream), { signal: this.#watched.signal });
    }
  }
  remove(stream) {
    this.#labels.delete(stream);
  }
  /** Puts one track in the place of another, in the same stream. Reports whether the other was there. */
  replace(old, track) {
    const [stream, label] = [...this.#labels].find(([stream2]) => stream2.getTracks().includes(old)) ?? [];
    if (!stream || label === void 0) return false;
    stream.removeTrack(old);
    stream.addTrack(track);
    this.add(stream, label);
    return true;
  }
  mute(kind, muted) {
    this.muted[kind] = muted;
    for (const [stream, label] of this.#labels)
      if (label === camera) for (const track of stream.getTracks()) this.#enable(track);
  }
  /** Forgets all streams. What was muted stays so. */
  clear() {
    this.#watched.abort();
    this.#watched = new AbortController();
    this.#labels.clear();
  }
  #enable(track) {
    track.enabled = !this.muted[track.kind];
  }
  #endedTrack(stream) {
    const label = this.#labels.get(stream);
    if (label !== void 0 && stream.getTracks().every((track) => track.readyState === "ended"))
      this.#ended(stream, label);
  }
};

// client/src/backoff.ts
var base = 500;
var cap = 3e4;
var Backoff = class {
  #random;
  #attempts = 0;
  /** `random`: from 0 to below 1. */
  constructor(random) {
    this.#random = random;
  }
  /** How many pauses there were since the last success. */
  get attempts() {
    return this.#attempts;
  }
  /** The next pause, in milliseconds. */
  next() {
    return this.#random() * Math.min(cap, base * 2 ** this.#attempts++);
  }
  /** It went well: the next pause is of the shortest. */
  reset() {
    this.#attempts = 0;
  }
};

// client/src/ice.ts
var marginMs = 6e4;
var pauseMs = 3e4;
var longestMs = 2 ** 31 - 1;
var Ice = class {
  #deps;
  #servers = [];
  #cancel;
  constructor(deps) {
    this.#deps = deps;
  }
  get configuration() {
    return { iceServers: this.#servers, iceTransportPolicy: this.#deps.policy ?? "all" };
  }
  /** The server has told of its servers. */
  update({ ice_servers: servers, expires_at: expires }) {
    this.#servers = servers;
    this.#cancel?.();
    const ms = Date.parse(expires ?? "") - Date.now() - marginMs;
    if (!Number.isNaN(ms)) this.#askIn(Math.min(Math.max(ms, pauseMs), longestMs));
    this.#deps.changed(this.configuration);
  }
  #askIn(ms) {
    this.#cancel = this.#deps.timers.after(ms, () => {
      this.#askIn(pauseMs);
      this.#deps.ask().then(
        (told) => this.update(told),
        () => {
        }
        // asked again
      );
    });
  }
};

// client/src/adoptions.ts
var answerMs = 3e3;
var Adoptions = class {
  #timers;
  #refused;
  #underWay = /* @__PURE__ */ new Map();
  /** `refused` hears of those that come to nothing. */
  constructor(timers, refused2) {
    this.#timers = timers;
    this.#refused = refused2;
  }
  begin(adoption) {
    const { id } = adoption.who;
    const cancel = adoption.asks ? this.#timers.after(answerMs, () => this.refuse(id)) : () => {
    };
    this.#underWay.set(id, { adoption, cancel });
  }
  get(id) {
    return this.#underWay.get(id)?.adoption;
  }
  /** The one with this connection. */
  of(held) {
    return [...this.#underWay.values()].find(({ adoption }) => adoption.held === held)?.adoption;
  }
  /** Takes the one that is settled. */
  take(id) {
    const found = this.#underWay.get(id);
    found?.cancel();
    this.#underWay.delete(id);
    return found?.adoption;
  }
  refuse(id) {
    const adoption = this.take(id);
    if (adoption) this.#refused(adoption);
  }
  clear() {
    for (const id of [...this.#underWay.keys()]) this.take(id);
  }
};
var canAdopt = ({ held, asks }, { yours, mine }) => !asks && held.own === yours && held.id === mine && held.steady;

// client/src/about.ts
var asObject = (value) => typeof value === "object" && value !== null ? value : {};
function readAbout(value) {
  if (typeof value !== "object" || value === null) return void 0;
  const { streams, muted } = value;
  const { audio, video } = asObject(muted);
  const labels = Object.entries(asObject(streams)).filter(([, label]) => typeof label === "string");
  return {
    streams: Object.fromEntries(labels),
    muted: { audio: audio === true, video: video === true }
  };
}

// client/src/turn.ts
var lentMs = 15e3;
var askMs = 5e3;
var Turn = class {
  #deps;
  #polite;
  #known = false;
  // that the other side does the same
  #mine = false;
  // the polite side's: it was lent to us
  #owed = false;
  // the impolite side's: it is to be lent
  #asking;
  #lent;
  constructor(deps, polite) {
    this.#deps = deps;
    this.#polite = polite;
  }
  /** The other side knows of turns. */
  shared() {
    this.#known = true;
  }
  /** Takes the turn for one offer. If it is not to be had now, `free` tells when it is. */
  take() {
    if (!this.#known) return true;
    if (!this.#polite) return !this.#lent;
    if (!this.#mine) this.#ask();
    return this.#release();
  }
  /** There is nothing to offer after all. */
  giveBack() {
    if (this.#release()) this.#deps.say("back");
  }
  /** The other side says something. `stable`: nothing is being negotiated. */
  heard(word, stable) {
    if (word === "ask" && !this.#polite) {
      this.#owed = true;
      if (stable) this.settled();
    } else if (word === "back") {
      this.over();
      this.#deps.free();
    } else if (word === "yours" && this.#polite) {
      this.#mine = true;
      this.#asked();
      this.#deps.free();
    }
  }
  /** Nothing is being negotiated any more. */
  settled() {
    if (!this.#owed) return;
    this.over();
    this.#owed = false;
    this.#lent = this.#deps.timers.after(lentMs, () => this.heard("back", true));
    this.#deps.say("yours");
  }
  /** What was lent is back. */
  over() {
    this.#lent?.();
    this.#lent = void 0;
  }
  /** Begins anew, in a role. */
  renew(polite) {
    this.#polite = polite;
    this.#owed = false;
    this.#mine = false;
    this.#asked();
    this.over();
  }
  #ask() {
    if (this.#asking) return;
    this.#asking = this.#deps.timers.after(askMs, () => {
      this.#asked();
      this.#deps.free();
    });
    this.#deps.say("ask");
  }
  #asked() {
    this.#asking?.();
    this.#asking = void 0;
  }
  #release() {
    const mine = this.#mine;
    this.#mine = false;
    return mine;
  }
};

// client/src/negotiation.ts
var answerMs2 = 15e3;
var laterMs = 1e3;
var Negotiation = class {
  #deps;
  #turn;
  #polite;
  #chain = Promise.resolve();
  #mine = 0;
  // the epoch of one's own latest offer
  #theirs;
  // that of the last description of theirs that was set
  #needed = false;
  #awaited;
  // theirs is to be the first offer
  #paused = false;
  #described = 0;
  // how often we described ourselves
  #closed = false;
  /** `offers`: the first offer is ours. */
  constructor(deps, { polite, offers }) {
    this.#deps = deps;
    this.#polite = polite;
    this.#awaited = !offers;
    const free = () => this.#enqueue(() => this.#offer());
    this.#turn = new Turn({ timers: deps.timers, say: (word) => deps.say(word), free }, polite);
  }
  /** The peer takes turns. */
  takesTurns() {
    this.#turn.shared();
  }
  /** The peer says whose turn it is. */
  turn(word) {
    this.#enqueue(async () => this.#turn.heard(word, this.#stable));
  }
  /** Something has changed that the peer must agree to. */
  needed() {
    this.#needed = true;
    this.#enqueue(() => this.#offer());
  }
  /** An offer under way may be lost: makes one, whatever the state. */
  again() {
    this.#turn.over();
    this.#enqueue(() => this.#describe());
  }
  /** While paused no offer is made: there is nobody to bring it. */
  pause(paused) {
    this.#paused = paused;
    if (!paused && this.#needed) this.needed();
  }
  /** Goes on with the peer under another id: epochs begin anew. */
  renew(polite) {
    this.#polite = polite;
    this.#turn.renew(polite);
    this.#mine = 0;
    this.#theirs = void 0;
    this.pause(false);
  }
  take(type, data) {
    if (type === "offer") this.#enqueue(() => this.#answer(data));
    else if (type === "answer") this.#enqueue(() => this.#agree(data));
    else this.#enqueue(() => this.#add(data));
  }
  /** Sends a candidate of this side's, unless it belongs to a description that was rolled back. */
  gathered(candidate) {
    if (!describes(this.#deps.connection.localDescription, candidate.usernameFragment)) return;
    this.#send("ice_candidate", () => ({ candidate: candidate.toJSON() }));
  }
  close() {
    this.#closed = true;
  }
  get #stable() {
    return this.#deps.connection.signalingState === "stable";
  }
  #enqueue(step) {
    const unlessClosed = () => this.#closed ? void 0 : step();
    this.#chain = this.#chain.then(unlessClosed).catch((e) => this.#fail(e));
  }
  #fail(e) {
    const gone = e instanceof ParleyError && ["closed", "peer_not_found", "not_in_call"].includes(e.code);
    if (!this.#closed && !gone) this.#deps.failed(e);
  }
  async #offer() {
    if (this.#awaited || this.#paused) return;
    const now = this.#needed && this.#stable;
    if (now && !this.#turn.take()) return;
    this.#needed = false;
    if (now) await this.#describe();
    else this.#turn.giveBack();
  }
  async #answer({ sdp, from_epoch: epoch }) {
    const { connection } = this.#deps;
    if (epoch !== void 0 && this.#theirs !== void 0 && epoch <= this.#theirs) return;
    const glare = !this.#stable;
    this.#turn.over();
    if (glare && !this.#polite) return;
    await connection.setRemoteDescription({ type: "offer", sdp: String(sdp) });
    this.#theirs = epoch;
    this.#awaited = false;
    this.#needed = false;
    await this.#describe();
    if (glare) await this.#deps.rolledBack();
  }
  async #agree({ sdp, from_epoch: epoch = this.#mine }) {
    const { connection } = this.#deps;
    if (epoch < this.#mine || connection.signalingState !== "have-local-offer") return;
    await connection.setRemoteDescription({ type: "answer", sdp: String(sdp) });
    this.#theirs = epoch;
    this.#turn.settled();
  }
  async #add({ candidate, from_epoch: epoch }) {
    const { connection } = this.#deps;
    if (epoch !== this.#theirs) return;
    const init = candidate;
    if (describes(connection.remoteDescription, init?.usernameFragment)) await connection.addIceCandidate(init);
  }
  async #describe() {
    const { connection, timers } = this.#deps;
    await connection.setLocalDescription();
    const { type } = connection.localDescription;
    const described = ++this.#described;
    this.#send(type, () => ({ sdp: connection.localDescription?.sdp }));
    if (type === "offer") timers.after(answerMs2, () => this.#unanswered(described));
  }
  #unanswered(described) {
    if (described !== this.#described || this.#deps.connection.signalingState !== "have-local-offer") return;
    if (this.#paused) this.#deps.timers.after(answerMs2, () => this.#unanswered(described));
    else this.again();
  }
  /** Sends; and again where the server could not just now. What was described meanwhile holds everything before it. */
  #send(type, data) {
    const described = this.#described;
    this.#deps.relay(type, data()).then(
      ({ epoch }) => {
        if (type === "offer") this.#mine = Number(epoch ?? 0);
      },
      (e) => {
        if (!(e instanceof ParleyError) || !e.temporary) {
          this.#fail(e);
          return;
        }
        this.#deps.timers.after(e.retryAfterMs ?? laterMs, () => {
          if (described === this.#described) this.#send(type, data);
        });
      }
    );
  }
};
var describes = (description, usernameFragment) => !usernameFragment || (description?.sdp ?? "").includes(`a=ice-ufrag:${usernameFragment}`);

// client/src/quality.ts
var Meter = class {
  #now;
  #last;
  constructor(now) {
    this.#now = now;
    this.#last = { at: now(), sent: 0, received: 0, packets: 0, lost: 0 };
  }
  /** Never rejects: of what the browser does not tell nothing is said. */
  async measure(connection) {
    const report = await connection.getStats().catch(() => /* @__PURE__ */ new Map());
    const stats = new Map([...report]);
    const pair = selectedPair(stats);
    return { ...path(stats, pair), ...this.#rates(stats, pair) };
  }
  #rates(stats, pair) {
    const last = this.#last;
    const inbound = [...stats.values()].filter(({ type }) => type === "inbound-rtp");
    const sum = (name) => inbound.reduce((total, s) => total + count(s[name]), 0);
    const next = {
      at: this.#now(),
      sent: count(pair?.bytesSent),
      received: count(pair?.bytesReceived),
      packets: sum("packetsReceived"),
      lost: sum("packetsLost")
    };
    this.#last = next;
    const rate = (bytes) => next.at > last.at ? Math.max(0, bytes * 8e3 / (next.at - last.at)) : 0;
    const lost = Math.max(0, next.lost - last.lost);
    const expected = lost + Math.max(0, next.packets - last.packets);
    return {
      sendBitsPerSecond: rate(next.sent - last.sent),
      // another pair counts from 0
      receiveBitsPerSecond: rate(next.received - last.received),
      ...expected > 0 && { lostShare: lost / expected }
    };
  }
};
var count = (value) => typeof value === "number" ? value : 0;
function selectedPair(stats) {
  const all = [...stats.values()];
  const named = all.find(({ type, selectedCandidatePairId: id }) => type === "transport" && id !== void 0);
  if (named) return stats.get(String(named.selectedCandidatePairId));
  const pairs = all.filter(({ type, state }) => type === "candidate-pair" && state === "succeeded");
  return pairs.find(({ selected }) => selected) ?? pairs.find(({ nominated }) => nominated);
}
function path(stats, pair) {
  const local = stats.get(String(pair?.localCandidateId));
  const remote = stats.get(String(pair?.remoteCandidateId));
  const text = (name, value) => typeof value === "string" ? { [name]: value } : {};
  return {
    ...text("localCandidateType", local?.candidateType),
    ...text("remoteCandidateType", remote?.candidateType),
    ...text("protocol", local?.protocol),
    ...typeof pair?.currentRoundTripTime === "number" && { roundTripMs: pair.currentRoundTripTime * 1e3 }
  };
}

// client/src/recovery.ts
var disconnectedMs = 3e3;
var restartMs = 1e4;
var Recovery = class {
  #timers;
  #backoff;
  #restart;
  #tried = false;
  // since it was connected last
  #cancel;
  constructor({ timers, engine, restart }) {
    this.#timers = timers;
    this.#backoff = new Backoff(engine.random);
    this.#restart = restart;
  }
  /** The connection's state has changed. */
  changed(state) {
    this.#cancel?.();
    if (state === "connected") {
      this.#tried = false;
      this.#backoff.reset();
    }
    if (state === "disconnected") this.#later(disconnectedMs);
    if (state === "failed") this.#later(this.#tried ? this.#backoff.next() : 0);
  }
  #later(ms) {
    this.#cancel = this.#timers.after(ms, () => {
      this.#tried = true;
      this.#later(restartMs + this.#backoff.next());
      this.#restart();
    });
  }
};

// client/src/remote_media.ts
var RemoteMedia = class {
  streams = /* @__PURE__ */ new Map();
  muted = { audio: false, video: false };
  #labels = {};
  #told;
  constructor(told) {
    this.#told = told;
  }
  /** A track has come. One without a stream gets one of its own. */
  add(track, stream = new MediaStream([track])) {
    if (this.streams.has(stream.id)) return;
    const labelled = { stream, label: this.#labels[stream.id] ?? camera };
    this.streams.set(stream.id, labelled);
    stream.addEventListener("removetrack", () => {
      if (stream.getTracks().length > 0 || !this.streams.delete(stream.id)) return;
      this.#told.streamRemoved(labelled);
    });
    this.#told.stream(labelled);
  }
  /** The peer has told of its media. */
  about({ streams, muted }) {
    this.#labels = streams;
    for (const labelled of this.streams.values()) {
      const label = streams[labelled.stream.id];
      if (label === void 0 || label === labelled.label) continue;
      labelled.label = label;
      this.#told.stream(labelled);
    }
    if (muted.audio === this.muted.audio && muted.video === this.muted.video) return;
    this.muted = muted;
    this.#told.muted(muted);
  }
};

// client/src/senders.ts
var Senders = class {
  #connection;
  #sending = /* @__PURE__ */ new Map();
  constructor(connection) {
    this.#connection = connection;
  }
  /** Sends these streams, by their labels, with the tracks that they have now, and no others. */
  sync(streams) {
    const wanted = new Set([...streams.keys()].flatMap((stream) => stream.getTracks()));
    for (const [track, sending] of this.#sending) {
      if (wanted.has(track)) continue;
      this.#sending.delete(track);
      sending.end();
    }
    for (const [stream, label] of streams) {
      for (const track of stream.getTracks()) {
        if (!this.#sending.has(track)) this.#sending.set(track, this.#send(track, stream, label));
      }
    }
  }
  /** Sends one track instead of another. */
  async replace(old, track) {
    const sending = this.#sending.get(old);
    if (!sending) return;
    this.#sending.delete(old);
    this.#sending.set(track, sending);
    await sending.sender.replaceTrack(track).catch((e) => {
      if (this.#connection.signalingState !== "closed") throw e;
    });
  }
  /**
   * Attaches the tracks again, which by the standard changes nothing: in Chromium (148) a rollback takes its source from
   * each sender, and then nothing is sent. One that is not negotiated yet must be left alone there.
   */
  async attach() {
    const sent = this.#connection.getTransceivers().filter(({ currentDirection: now }) => now?.startsWith("send"));
    await Promise.all(sent.map(({ sender }) => sender.replaceTrack(sender.track)));
  }
  #send(track, stream, label) {
    const connection = this.#connection;
    if (label === camera) {
      const sender = connection.addTrack(track, stream);
      return { sender, end: () => connection.removeTrack(sender) };
    }
    const transceiver = connection.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    return { sender: transceiver.sender, end: () => transceiver.stop() };
  }
};

// client/src/timers.ts
var Timers = class {
  #engine;
  #running = /* @__PURE__ */ new Set();
  #ended = false;
  constructor(engine) {
    this.#engine = engine;
  }
  /** Runs something once, in `ms` milliseconds, unless all has ended. Returns a function that prevents it. */
  after(ms, run) {
    if (this.#ended) return () => {
    };
    const stop = this.#engine.after(ms, () => {
      this.#running.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#running.delete(cancel);
      stop();
    };
    this.#running.add(cancel);
    return cancel;
  }
  /** None runs any more. */
  end() {
    this.#ended = true;
    for (const cancel of [...this.#running]) cancel();
  }
};

// client/src/peer.ts
var channelLabel = "parley";
var agreed = { negotiated: true, id: 0 };
var hasData = (sdp) => /^m=application /m.test(String(sdp));
var tellMs = 1e3;
var MeshPeer = class extends Emitter {
  user;
  connection;
  id;
  own;
  polite;
  channel;
  suspended = false;
  #deps;
  #timers;
  #negotiation;
  #recovery;
  #senders;
  #remote;
  #meter;
  #began;
  #origin;
  // of the other's descriptions
  #state = "connecting";
  #reported = false;
  // how long it took
  #cancelTell;
  /** `offers`: the first offer is ours, not theirs. */
  constructor(deps, who, how) {
    super();
    const { engine, media } = deps;
    this.#deps = deps;
    this.user = who.user;
    this.id = who.id;
    this.own = who.own;
    this.polite = who.polite;
    this.#began = engine.now();
    const connection = new engine.RTCPeerConnection(how.configuration);
    const timers = new Timers(engine);
    this.connection = connection;
    this.#timers = timers;
    this.#negotiation = new Negotiation(
      {
        connection,
        timers,
        relay: (type, data) => this.#relay(type, type === "ice_candidate" ? data : { ...data, about: media.about }),
        rolledBack: () => this.#senders.attach(),
        say: (turn) => this.#say({ turn }),
        failed: (error) => this.emit("error", { error })
      },
      { polite: who.polite, offers: how.offers }
    );
    this.#recovery = new Recovery({ timers, engine, restart: () => connection.restartIce() });
    this.#senders = new Senders(connection);
    this.#meter = new Meter(engine.now);
    this.#remote = new RemoteMedia({
      stream: (s) => this.emit("stream", s),
      streamRemoved: (s) => this.emit("streamRemoved", s),
      muted: (m) => this.emit("muted", m)
    });
    this.#listen();
    if (!who.polite) this.#openChannel();
    this.sync();
  }
  get state() {
    return this.#state;
  }
  get muted() {
    return this.#remote.muted;
  }
  get streams() {
    return this.#remote.streams;
  }
  /** Whether the connection works and both sides agree what it is: it can go on without signaling. */
  get steady() {
    return this.connection.connectionState === "connected" && this.connection.signalingState === "stable";
  }
  send(data) {
    if (this.channel?.readyState !== "open") return false;
    this.channel.send(data);
    return true;
  }
  quality() {
    return this.#meter.measure(this.connection);
  }
  /** Sends what is to be sent now. */
  sync() {
    this.#senders.sync(this.#deps.media.streams);
  }
  replaceTrack(old, track) {
    return this.#senders.replace(old, track);
  }
  /** Tells what is muted, and what the streams are, as soon as the server can bring it. */
  tell() {
    this.#relay("signal", { parley: { about: this.#deps.media.about } }).catch((e) => {
      if (!(e instanceof ParleyError) || !e.temporary) return;
      this.#cancelTell?.();
      this.#cancelTell = this.#timers.after(e.retryAfterMs ?? tellMs, () => this.tell());
    });
  }
  heard(about) {
    const read = readAbout(about);
    if (!read) return;
    this.#negotiation.takesTurns();
    this.#remote.about(read);
  }
  /** The peer says whose turn it is to offer. */
  turn(word) {
    if (word === "ask" || word === "yours" || word === "back") this.#negotiation.turn(word);
  }
  /** Whether a description is one of the connection that this one is with (RFC 8829, section 5.2.1: its session id stays). */
  fits(sdp) {
    const origin = /^o=\S+ (\S+)/m.exec(String(sdp))?.[1];
    this.#origin ??= origin;
    return origin === void 0 || origin === this.#origin;
  }
  take(type, data) {
    if (type !== "ice_candidate") this.heard(data.about);
    if (type === "offer" && hasData(data.sdp)) this.#openChannel();
    this.#negotiation.take(type, data);
  }
  /** While there is nobody to bring offers to, none are made. */
  pause(paused) {
    this.#negotiation.pause(paused);
  }
  suspend(suspended) {
    if (suspended === this.suspended) return;
    this.suspended = suspended;
    this.emit("suspended", { suspended });
  }
  /** Goes on under other ids, with other roles. */
  adopt({ id, own, polite }) {
    this.id = id;
    this.own = own;
    this.polite = polite;
    this.#negotiation.renew(polite);
    this.tell();
    this.suspend(false);
  }
  restartIce() {
    this.connection.restartIce();
  }
  /** What was under way to or from the peer may be lost. */
  renew() {
    this.tell();
    if (this.steady) return;
    if (this.connection.connectionState !== "connected") this.connection.restartIce();
    this.#negotiation.again();
  }
  close() {
    if (this.#state === "closed") return;
    this.#timers.end();
    this.#negotiation.close();
    this.connection.close();
    this.#report("closed");
    this.#become("closed");
  }
  #listen() {
    const { connection } = this;
    connection.addEventListener("negotiationneeded", () => this.#negotiation.needed());
    connection.addEventListener("icecandidate", ({ candidate }) => candidate && this.#negotiation.gathered(candidate));
    connection.addEventListener("connectionstatechange", () => this.#changed(connection.connectionState));
    connection.addEventListener("track", ({ track, streams }) => this.#remote.add(track, streams[0]));
  }
  #openChannel() {
    if (this.channel) return;
    const channel = this.connection.createDataChannel(channelLabel, agreed);
    this.channel = channel;
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => this.emit("data", data));
    channel.addEventListener("open", () => this.emit("channel", channel));
  }
  #say(parley) {
    this.#relay("signal", { parley }).catch(() => {
    });
  }
  #relay(type, data) {
    return this.#deps.line.request(type, { target_peer_id: this.id, ...data });
  }
  #changed(state) {
    this.#recovery.changed(state);
    if (state === "connected") this.#connected();
    if (state === "failed") this.#report(state);
    this.#become(state === "new" ? "connecting" : state);
  }
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.emit("state", { state });
  }
  /** Reports the first time how long it took, and each time how it goes. */
  async #connected() {
    const ms = this.#deps.engine.now() - this.#began;
    const first = !this.#reported;
    this.#reported = true;
    const { localCandidateType, remoteCandidateType, protocol } = await new Meter(() => 0).measure(this.connection);
    const path2 = { local_candidate_type: localCandidateType, remote_candidate_type: remoteCandidateType, protocol };
    if (this.#state === "connected") this.#report("connected", { ...first && { ms }, ...path2 });
  }
  #report(state, more = {}) {
    this.#deps.line.notify("peer_state", { peer_id: this.id, state, ...more });
  }
};

// client/src/mesh.ts
var heldMs = 6e4;
var Mesh = class {
  peers = /* @__PURE__ */ new Map();
  self;
  #deps;
  #adoptions;
  #held = /* @__PURE__ */ new Map();
  constructor(deps) {
    this.#deps = deps;
    this.#adoptions = new Adoptions(deps.timers, (a) => this.#refused(a));
  }
  /** Who is the same peer as before, on another node, goes on with those that are there still. All others begin anew. */
  joined(self, listed) {
    const same = self === this.self;
    const there = new Set(same ? listed.map(({ peer_id: id }) => id) : []);
    this.#adoptions.clear();
    for (const peer of [...this.peers.values()]) if (!there.has(peer.id)) this.#lost(peer, "timeout");
    this.self = self;
    for (const { peer_id: id, user_id: userId, username, polite } of listed) {
      const known = same && this.peers.get(id);
      if (known) known.renew();
      else this.arrived({ id, own: self, user: { id: userId, username }, polite }, same && !polite);
    }
    this.suspended(listed);
    this.pause(false);
  }
  /** A peer is there. `offers`: the first offer is ours. */
  arrived(who, offers) {
    const held = [...this.#held.keys()].find(({ user }) => user.id === who.user.id);
    if (!held) {
      this.#add(who, offers);
      return;
    }
    const former = this.#adoptions.of(held);
    if (former) this.#adoptions.take(former.who.id);
    this.#adoptions.begin({ held, who, asks: offers });
    if (!offers) return;
    this.#signal(who.id, { adopt: { yours: held.id, mine: held.own } }).catch(() => this.#adoptions.refuse(who.id));
  }
  left(id, reason) {
    const adoption = this.#adoptions.take(id);
    if (adoption && reason !== "timeout") this.#dismiss(adoption.held, reason);
    const peer = this.#current(id);
    if (peer) this.#lost(peer, reason);
  }
  /** Takes what another peer has sent. */
  take(type, from, data) {
    if (type === "offer") this.#adoptions.refuse(from);
    const peer = this.#current(from);
    if (!peer) return;
    if (type === "ice_candidate" || peer.fits(data.sdp)) peer.take(type, data);
    else if (type === "offer") this.#follow(peer, data);
  }
  /** Takes what another of these clients says of itself. */
  hear(from, { about, turn, adopt, adopted }) {
    if (about !== void 0) this.peers.get(from)?.heard(about);
    if (turn !== void 0) this.#current(from)?.turn(turn);
    if (adopt !== void 0) this.#asked(from, adopt ?? {});
    if (adopted === true) this.#adopt(from);
    else if (adopted !== void 0) this.#adoptions.refuse(from);
  }
  /** The peer as which the application knows who is behind an id. */
  find(id) {
    return this.peers.get(id) ?? this.#adoptions.get(id)?.held;
  }
  suspended(participants) {
    for (const { peer_id: id, state } of participants) this.#current(id)?.suspend(state === "suspended");
  }
  /** While one's own signaling is lost there is no negotiation. */
  pause(paused) {
    for (const peer of this.peers.values()) if (!this.#held.has(peer)) peer.pause(paused);
  }
  close(reason) {
    this.#adoptions.clear();
    for (const peer of [...this.peers.values()]) this.#dismiss(peer, reason);
  }
  /** The peer with an id, unless that is its former one: it is held. */
  #current(id) {
    const peer = this.peers.get(id ?? "");
    return peer && !this.#held.has(peer) ? peer : void 0;
  }
  #add(who, offers) {
    const peer = new MeshPeer(this.#deps, who, { configuration: this.#deps.configuration(), offers });
    this.peers.set(who.id, peer);
    peer.on("state", ({ state }) => this.#changed(peer, state));
    this.#deps.tell("peer", peer);
  }
  /** The other side has begun anew, with another connection, and offers. */
  #follow(peer, offer) {
    const { id, own, user, polite } = peer;
    this.#dismiss(peer, "timeout");
    this.#add({ id, own, user, polite }, false);
    this.take("offer", id, offer);
  }
  #lost(peer, reason) {
    if (this.#held.has(peer)) return;
    if (reason === "timeout" && peer.steady) this.#hold(peer);
    else this.#dismiss(peer, reason);
  }
  #hold(peer) {
    peer.pause(true);
    this.#held.set(
      peer,
      this.#deps.timers.after(heldMs, () => this.#giveUp(peer))
    );
    peer.suspend(true);
  }
  #changed(peer, state) {
    if (!this.#held.has(peer) || state === "connected" || state === "closed") return;
    if (state === "failed" || this.#adoptions.of(peer)?.asks) this.#giveUp(peer);
  }
  /** What is held has waited in vain. Its user may be there as another peer. */
  #giveUp(held) {
    const adoption = this.#adoptions.of(held);
    if (adoption) this.#adoptions.refuse(adoption.who.id);
    else this.#dismiss(held, "timeout");
  }
  #refused({ held, who, asks }) {
    this.#dismiss(held, "timeout");
    this.#add(who, asks);
  }
  #asked(from, pair) {
    const adoption = this.#adoptions.get(from);
    const adopted = adoption !== void 0 && canAdopt(adoption, pair);
    this.#signal(from, { adopted }).catch(() => {
    });
    if (adopted) this.#adopt(from);
    else if (adoption && !adoption.asks) this.#adoptions.refuse(from);
  }
  #adopt(id) {
    const adoption = this.#adoptions.take(id);
    if (!adoption) return;
    const { held, who } = adoption;
    this.#release(held);
    held.adopt(who);
    this.peers.set(who.id, held);
  }
  #dismiss(peer, reason) {
    this.#release(peer);
    peer.close();
    this.#deps.tell("peerLeft", { peer, reason });
  }
  #release(peer) {
    this.#held.get(peer)?.();
    this.#held.delete(peer);
    this.peers.delete(peer.id);
  }
  #signal(to, parley) {
    return this.#deps.line.request("signal", { target_peer_id: to, parley });
  }
};

// client/src/part.ts
var reasons = {
  4401: "signed_out",
  4403: "removed",
  4409: "replaced",
  4410: "room_deleted"
};
var Part = class {
  mesh;
  #deps;
  #line;
  #timers;
  #ice;
  #backoff;
  #callState;
  #joinedSession = false;
  // this one
  #cancelJoin;
  // of the next attempt
  #over = false;
  constructor(deps) {
    const { engine, media, tell } = deps;
    this.#deps = deps;
    this.#timers = new Timers(engine);
    this.#backoff = new Backoff(engine.random);
    this.#line = deps.openLine();
    this.#ice = new Ice({
      timers: this.#timers,
      policy: deps.policy,
      ask: () => deps.api.iceServers(),
      changed: (configuration2) => {
        for (const { connection } of this.mesh.peers.values()) connection.setConfiguration(configuration2);
      }
    });
    const configuration = () => this.#ice.configuration;
    this.mesh = new Mesh({ engine, media, line: this.#line, timers: this.#timers, tell, configuration });
    this.#listen();
  }
  get callState() {
    return this.#callState;
  }
  /** Tells one peer, or all, of something. */
  async signal(data, target) {
    if (target === void 0 && this.mesh.peers.size === 0) return;
    await this.#line.request("signal", { ...target !== void 0 && { target_peer_id: target }, ...data });
  }
  leave() {
    this.#end({ code: 1e3, reason: "left" }, closedError("left the call"));
  }
  #listen() {
    const line = this.#line;
    line.on("welcome", ({ resumed }) => {
      if (resumed && this.#joinedSession) this.#back();
      if (!resumed) this.#begin();
    });
    line.on("state", ({ state }) => state === "open" || this.#lost());
    line.on("frame", (frame) => this.#take(frame));
    line.on("closed", ({ code, reason }) => {
      const error = code === 4403 ? "permission_denied" : code === 4401 ? "unauthenticated" : "closed";
      this.#end({ code, reason: reasons[code] ?? "refused" }, new ParleyError({ code: error, message: reason }));
    });
  }
  /** A new session is nobody in the call. */
  #begin() {
    this.#joinedSession = false;
    this.#cancelJoin?.();
    this.#join();
  }
  #join() {
    this.#line.request("join_call").catch((e) => {
      if (e.code === "closed") return;
      if (!e.temporary) this.#end({ code: 0, reason: "refused" }, e);
      else this.#cancelJoin = this.#timers.after(e.retryAfterMs ?? this.#backoff.next(), () => this.#join());
    });
  }
  #lost() {
    if (!this.mesh.self || this.#over) return;
    this.mesh.pause(true);
    this.#deps.became("reconnecting");
  }
  #back() {
    this.mesh.pause(false);
    this.#deps.became("joined");
  }
  #take({ type, data }) {
    const from = String(data.from_peer_id);
    switch (type) {
      case "call_joined":
        this.#joined(data);
        break;
      case "user_joined":
        this.#arrived(data);
        break;
      case "user_left":
        this.mesh.left(String(data.peer_id), String(data.reason));
        break;
      case "call_state":
        this.#stateIs(data);
        break;
      case "ice_servers":
        this.#ice.update(data);
        break;
      case "signal":
        this.#signalled(from, data);
        break;
      case "offer":
      case "answer":
      case "ice_candidate":
        this.mesh.take(type, from, data);
    }
  }
  #joined(data) {
    this.#joinedSession = true;
    this.#backoff.reset();
    this.#ice.update(data);
    this.mesh.joined(String(data.peer_id), data.participants);
    this.#deps.became("joined");
  }
  #arrived(data) {
    const { id, username } = data.user;
    const own = String(this.mesh.self);
    this.mesh.arrived({ id: String(data.peer_id), own, user: { id, username }, polite: data.polite === true }, true);
  }
  #stateIs(state) {
    this.#callState = state;
    this.mesh.suspended(state.participants);
    this.#deps.tell("callState", state);
  }
  #signalled(from, { parley, ...data }) {
    const peer = this.mesh.find(from);
    const said = Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith("from_")));
    if (typeof parley === "object" && parley !== null) this.mesh.hear(from, parley);
    else if (peer) this.#deps.tell("signal", { from: peer, data: said });
  }
  #end(ending, error) {
    if (this.#over) return;
    this.#over = true;
    this.mesh.close(ending.reason);
    this.#timers.end();
    this.#line.close();
    this.#deps.over(ending, error);
  }
};

// client/src/call.ts
var RoomCall = class extends Emitter {
  roomId;
  #deps;
  #media;
  #part;
  #joining;
  #unwatch = () => {
  };
  #state = "idle";
  constructor(deps) {
    super();
    this.#deps = deps;
    this.roomId = deps.roomId;
    this.#media = new OwnMedia((stream, label) => {
      this.removeStream(stream);
      this.emit("streamEnded", { stream, label });
    });
  }
  get state() {
    return this.#state;
  }
  get peerId() {
    return this.#part?.mesh.self;
  }
  get peers() {
    return this.#part?.mesh.peers ?? /* @__PURE__ */ new Map();
  }
  get callState() {
    return this.#part?.callState;
  }
  get muted() {
    return { ...this.#media.muted };
  }
  join({ stream, iceTransportPolicy: policy } = {}) {
    if (this.#deps.closed()) return Promise.reject(closedError());
    if (stream) this.addStream(stream, camera);
    if (!this.#joining) this.#begin(policy);
    return this.#joining.promise;
  }
  leave() {
    this.#part?.leave();
  }
  addStream(stream, label) {
    this.#media.add(stream, label);
    this.#send();
  }
  removeStream(stream) {
    this.#media.remove(stream);
    this.#send();
  }
  async replaceTrack(old, track) {
    if (this.#media.replace(old, track)) await Promise.all(this.#each().map((peer) => peer.replaceTrack(old, track)));
  }
  mute(kind, muted) {
    this.#media.mute(kind, muted);
    for (const peer of this.#each()) peer.tell();
  }
  signal(data, to) {
    return this.#part?.signal(data, to?.id) ?? Promise.reject(closedError("not in the call"));
  }
  restartIce() {
    for (const peer of this.#each()) peer.restartIce();
  }
  #each() {
    return [...this.#part?.mesh.peers.values() ?? []];
  }
  #send() {
    for (const peer of this.#each()) peer.sync();
    for (const peer of this.#each()) peer.tell();
  }
  #begin(policy) {
    this.#joining = promised();
    this.#unwatch = this.#deps.engine.watch((change) => change === "network" && this.restartIce());
    this.#part = new Part({
      ...this.#deps,
      media: this.#media,
      policy,
      tell: (event, e) => this.emit(event, e),
      became: (state) => {
        if (state === "joined") this.#joining?.resolve();
        this.#become(state);
      },
      over: (ending, error) => this.#over(ending, error)
    });
    this.#become("joining");
  }
  #over(ending, error) {
    const joining = this.#joining;
    this.#unwatch();
    this.#part = void 0;
    this.#joining = void 0;
    this.#media.clear();
    this.#become("ended");
    this.emit("ended", ending);
    joining?.reject(error);
  }
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.emit("state", { state });
  }
};
function promised() {
  const joining = {};
  joining.promise = new Promise((resolve, reject) => Object.assign(joining, { resolve, reject }));
  return joining;
}
var newCall = (deps) => new RoomCall(deps);

// client/src/close_codes.ts
var closeCodes = {
  normal: 1e3,
  lost: 1006,
  // never on the wire: there was no close frame
  unauthenticated: 4401,
  forbidden: 4403,
  replaced: 4409
};
var final = /* @__PURE__ */ new Set([1e3, 1002, 1003, 1007, 1009, 4401, 4403, 4409, 4410]);
var comesBack = (code) => !final.has(code);

// client/src/credentials.ts
function ticketCredentials(api) {
  return async () => ({ query: { ticket: (await api.ticket()).ticket }, protocols: ["parley.v1"] });
}
function tokenCredentials(token) {
  return async () => ({ query: {}, protocols: ["parley.v1", `parley.token.${token}`] });
}

// client/src/rest.ts
var Api = class {
  #http;
  constructor(http2) {
    this.#http = http2;
  }
  me() {
    return this.#http.request("api/auth/me/");
  }
  updateProfile(profile) {
    return this.#http.request("api/auth/profile/", { method: "PATCH", body: profile });
  }
  /** The token is dead from then on, and its connections end with `signedOut`. */
  signOut() {
    return this.#post("api/auth/logout/");
  }
  /** A one-time ticket for a socket. */
  ticket() {
    return this.#post("api/auth/ticket/");
  }
  /** The rooms one is in, the one that changed last first. */
  rooms(page) {
    return this.#http.request("api/rooms/", { query: { page } });
  }
  createRoom(room) {
    return this.#post("api/rooms/", room);
  }
  room(id) {
    return this.#http.request(`api/rooms/${id}/`);
  }
  /** The owner's right. `owner_id` hands the room over. */
  updateRoom(id, change) {
    return this.#http.request(`api/rooms/${id}/`, { method: "PATCH", body: change });
  }
  /** The owner's right. */
  deleteRoom(id) {
    return this.#http.request(`api/rooms/${id}/`, { method: "DELETE" });
  }
  joinRoom(id) {
    return this.#post(`api/rooms/${id}/join/`);
  }
  leaveRoom(id) {
    return this.#post(`api/rooms/${id}/leave/`);
  }
  participants(id, page) {
    return this.#http.request(`api/rooms/${id}/participants/`, { query: { page } });
  }
  /** The owner's right. */
  addParticipant(id, who) {
    return this.#post(`api/rooms/${id}/add-participant/`, who);
  }
  /** The owner's right. */
  removeParticipant(id, who) {
    return this.#post(`api/rooms/${id}/remove-participant/`, who);
  }
  /** A room's messages, newest first, unless the query says otherwise. */
  messages(id, query = {}) {
    return this.#http.request(`api/rooms/${id}/messages/`, { query: { ...query } });
  }
  callState(id) {
    return this.#http.request(`api/rooms/${id}/call-state/`);
  }
  iceServers() {
    return this.#http.request("api/ice-servers/");
  }
  missedCalls(page) {
    return this.#http.request("api/calls/missed/", { query: { page } });
  }
  seeMissedCalls(upToId) {
    return this.#post("api/calls/missed/seen/", { up_to_id: upToId });
  }
  #post(path2, body) {
    return this.#http.request(path2, body ? { method: "POST", body } : { method: "POST" });
  }
};

// client/src/ring.ts
var IncomingRing = class extends Emitter {
  inviteId;
  roomId;
  from;
  #deps;
  #expiresAt = /* @__PURE__ */ new Date(0);
  #over = false;
  #cancel;
  // of the time at which it ends by itself
  #cancelDoubt;
  constructor(inviteId, roomId, from, deps) {
    super();
    this.inviteId = inviteId;
    this.roomId = roomId;
    this.from = from;
    this.#deps = deps;
  }
  get expiresAt() {
    return this.#expiresAt;
  }
  accept() {
    return this.#answer("call_accept", "accepted");
  }
  decline() {
    return this.#answer("call_decline", "declined");
  }
  /** It rings for `lifetimeMs` from now, whatever the clocks say. */
  renew(expiresAt, lifetimeMs2) {
    this.#expiresAt = expiresAt;
    this.#cancel?.();
    this.#cancelDoubt?.();
    this.#cancel = this.#deps.engine.after(lifetimeMs2, () => this.end("expired"));
  }
  /** It may be over: unless it is told again within `ms` milliseconds, it is. */
  doubt(ms) {
    this.#cancelDoubt?.();
    this.#cancelDoubt = this.#deps.engine.after(ms, () => this.end("cancelled"));
  }
  end(reason) {
    if (this.#over) return;
    this.#over = true;
    this.#cancel?.();
    this.#cancelDoubt?.();
    this.#deps.forget();
    this.emit("over", { reason });
  }
  async #answer(type, reason) {
    await this.#deps.line.request(type, { invite_id: this.inviteId }, { roomId: this.roomId, resend: "always" });
    this.end(reason);
  }
};
var OwnRing = class extends Emitter {
  inviteId;
  #roomId;
  #deps;
  #invited = /* @__PURE__ */ new Set();
  #silent = /* @__PURE__ */ new Set();
  // those who have not answered
  #expiresAt = /* @__PURE__ */ new Date(0);
  #over = false;
  #cancel;
  constructor(inviteId, roomId, deps) {
    super();
    this.inviteId = inviteId;
    this.#roomId = roomId;
    this.#deps = deps;
  }
  get invited() {
    return [...this.#invited];
  }
  get expiresAt() {
    return this.#expiresAt;
  }
  async cancel() {
    if (this.#over) return;
    await this.#deps.line.request(
      "call_cancel",
      { invite_id: this.inviteId },
      { roomId: this.#roomId, resend: "always" }
    );
    this.end("cancelled");
  }
  /** It rings for these users, for `lifetimeMs` from now. */
  renew(invited, expiresAt, lifetimeMs2) {
    for (const id of invited) {
      this.#invited.add(id);
      this.#silent.add(id);
    }
    this.#expiresAt = expiresAt;
    this.#cancel?.();
    this.#cancel = this.#deps.engine.after(lifetimeMs2, () => this.end("expired"));
  }
  answered(how, user) {
    this.#silent.delete(user.id);
    this.emit(how, user);
    if (this.#silent.size === 0) this.end("answered");
  }
  end(reason) {
    if (this.#over) return;
    this.#over = true;
    this.#cancel?.();
    this.#deps.forget();
    this.emit("over", { reason });
  }
};

// client/src/rings.ts
var announceMs = 5e3;
var lifetimeMs = 3e4;
var Rings = class {
  #line;
  #engine;
  #incoming = /* @__PURE__ */ new Map();
  // by invite
  #own = /* @__PURE__ */ new Map();
  constructor(line, engine) {
    this.#line = line;
    this.#engine = engine;
  }
  /** Calls one participant of a room, or all others. */
  async invite(roomId, options) {
    const data = { lifetime_ms: options.lifetimeMs ?? lifetimeMs };
    if (options.userId !== void 0) data.target_user_id = options.userId;
    const ack = await this.#line.request("call_invite", data, { roomId, resend: "always" });
    const id = String(ack.invite_id);
    const ring = this.#own.get(id) ?? new OwnRing(id, roomId, this.#deps(this.#own, id));
    this.#own.set(id, ring);
    ring.renew(ack.invited, new Date(String(ack.expires_at)), Number(data.lifetime_ms));
    return ring;
  }
  /** A frame with an invite. Returns a ring that is new. */
  hear({ type, data }) {
    const id = String(data.invite_id);
    switch (type) {
      case "incoming_call":
        return this.#came(data);
      case "call_accept":
      case "call_decline":
        this.#answered(id, type === "call_accept" ? "accepted" : "declined", data.user);
        break;
      case "call_cancel":
        this.#incoming.get(id)?.end("cancelled");
        break;
      case "call_answered_elsewhere":
        this.#incoming.get(id)?.end("elsewhere");
    }
    return void 0;
  }
  /** A new session: one's own invites have ended with the old one. What still rings for the user is told again. */
  sessionLost() {
    for (const ring of [...this.#own.values()]) ring.end("cancelled");
    for (const ring of this.#incoming.values()) ring.doubt(announceMs);
  }
  /** The line is over. */
  over() {
    for (const ring of [...this.#own.values(), ...this.#incoming.values()]) ring.end("cancelled");
  }
  /** The answer may come as soon as the invite's ack, before that has made a ring. */
  #answered(id, how, user) {
    const own = this.#own.get(id);
    if (own) own.answered(how, user);
    else this.#engine.after(0, () => this.#own.get(id)?.answered(how, user));
  }
  #came({ invite_id: id, room_id: roomId, from, expires_at, lifetime_ms }) {
    const known = this.#incoming.get(id);
    const ring = known ?? new IncomingRing(id, roomId, from, this.#deps(this.#incoming, id));
    this.#incoming.set(id, ring);
    ring.renew(new Date(expires_at), lifetime_ms);
    return known ? void 0 : ring;
  }
  #deps(rings, id) {
    return { line: this.#line, engine: this.#engine, forget: () => void rings.delete(id) };
  }
};

// client/src/in_order.ts
var remembered = 1e3;
var InOrder = class {
  #tell;
  #last;
  // not known before the start
  #latest;
  #ahead = /* @__PURE__ */ new Map();
  // by seq
  #early = /* @__PURE__ */ new Map();
  // changes of messages that are yet to come, by seq
  #changed = /* @__PURE__ */ new Map();
  // the last change of each, by id
  constructor(tell) {
    this.#tell = tell;
  }
  /** `seq` of the newest message that was told. */
  get last() {
    return this.#last ?? 0;
  }
  /** When the newest thing happened that is known of (RFC 3339). */
  get latest() {
    return this.#latest;
  }
  /** Whether messages wait for others that are missing. */
  get gap() {
    return this.#ahead.size > 0;
  }
  /** Forgets all. What comes before the start waits for it. */
  reset() {
    this.#last = this.#latest = void 0;
    for (const map of [this.#ahead, this.#early, this.#changed]) map.clear();
  }
  /** Begins behind `seq`. */
  start(seq) {
    this.#last = seq;
    const early = [...this.#early.values()].filter((change) => change.seq <= seq);
    for (const old of [...this.#ahead.keys()].filter((ahead) => ahead <= seq)) this.#ahead.delete(old);
    for (const change of early) {
      this.#early.delete(change.seq);
      this.change(change);
    }
    this.#advance();
  }
  take(message) {
    if (message.seq <= this.last) return;
    this.#ahead.set(message.seq, message);
    if (this.#last !== void 0) this.#advance();
  }
  change(message) {
    if (this.#last === void 0 || message.seq > this.#last) this.#early.set(message.seq, message);
    else if (this.#isNews(message)) this.#tell.changed(message);
  }
  #advance() {
    for (let next = this.#next(); next; next = this.#next()) this.#deliver(next);
    if (this.gap) this.#tell.missing();
  }
  #next() {
    return this.#ahead.get(this.last + 1);
  }
  #deliver(message) {
    this.#last = message.seq;
    this.#ahead.delete(message.seq);
    this.#isNews(message);
    this.#tell.message(message);
    const change = this.#early.get(message.seq);
    if (change && this.#early.delete(message.seq)) this.change(change);
  }
  /** Whether this is a change that was not told yet. From now on it was. */
  #isNews(message) {
    const at = changedAt(message);
    this.#latest = later(this.#latest, at ?? message.created_at);
    if (!at) return false;
    const told = this.#changed.get(message.id);
    const since = told ? Date.parse(at) - Date.parse(changedAt(told) ?? at) : 1;
    if (since < 0 || since === 0 && told?.content === message.content) return false;
    this.#changed.delete(message.id);
    this.#changed.set(message.id, message);
    const [oldest] = this.#changed.keys();
    if (this.#changed.size > remembered && oldest !== void 0) this.#changed.delete(oldest);
    return true;
  }
};
var changedAt = ({ edited_at, deleted_at }) => later(edited_at, deleted_at);
function later(a, b) {
  if (!a || !b) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

// client/src/persist.ts
async function persist(what, how) {
  const { engine, signal, attempts: attempts3 = Number.POSITIVE_INFINITY, passes = (e) => e.temporary } = how;
  const backoff = new Backoff(engine.random);
  for (; ; ) {
    if (signal.aborted) throw closedError();
    try {
      return await what();
    } catch (e) {
      if (!(e instanceof ParleyError && passes(e)) || backoff.attempts + 1 >= attempts3) throw e;
      const pause = backoff.next();
      await sleep(e.retryAfterMs ?? pause, engine, signal);
    }
  }
}
function sleep(ms, engine, signal) {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    const cancel = engine.after(ms, () => {
      signal.removeEventListener("abort", woken);
      done();
    });
    const woken = () => {
      cancel();
      done();
    };
    signal.addEventListener("abort", woken, { once: true });
  });
}

// client/src/catch_up.ts
var margin = 1e4;
var CatchUp = class {
  #deps;
  #filling;
  // what ends it
  #from;
  // what was known as the last session ended
  constructor(deps) {
    this.#deps = deps;
  }
  /** The room was opened: nothing was missed. */
  reset() {
    this.#from = void 0;
  }
  /** A session has ended: from here on changes may be missed. */
  mark() {
    const { latest, last } = this.#deps.order;
    this.#from ??= { latest, last };
  }
  /** Gets the messages that are missing. */
  async fill(signal) {
    const { roomId, api, engine, order } = this.#deps;
    if (this.#filling === signal) return;
    this.#filling = signal;
    try {
      for (let found = 1; order.gap && found > 0 && !signal.aborted; ) {
        const get = () => api.messages(roomId, { after_seq: order.last, limit: 100 });
        const { results } = await persist(get, { engine, signal });
        found = results.length;
        for (const message of results) order.take(message);
      }
    } finally {
      if (this.#filling === signal) this.#filling = void 0;
    }
  }
  /** Gets the edits and deletions that may have been missed. */
  async changes(signal) {
    const { roomId, api, engine, order } = this.#deps;
    const from = this.#from;
    let since = from && await this.#since(from, signal);
    for (let page = 1; since && !signal.aborted; ) {
      const query = { changed_since: since, page };
      const { results, next } = await persist(() => api.messages(roomId, query), { engine, signal });
      for (const message of results) order.change(message);
      const reached = next === null ? void 0 : lastChange(results);
      page = reached === since ? page + 1 : 1;
      since = reached;
    }
    if (this.#from === from && !signal.aborted) this.#from = void 0;
  }
  /** Where nothing has happened yet, the newest message's own time is early enough. */
  async #since(from, signal) {
    const { roomId, api, engine } = this.#deps;
    let { latest } = from;
    if (!latest && from.last > 0) {
      const get = () => api.messages(roomId, { after_seq: from.last - 1, limit: 1 });
      latest = (await persist(get, { engine, signal })).results[0]?.created_at;
    }
    return latest && new Date(Date.parse(latest) - margin).toISOString();
  }
};
function lastChange(messages) {
  const last = messages.at(-1);
  return last && changedAt(last);
}

// client/src/outbox.ts
var attempts = 8;
var Outbox = class {
  #deps;
  #letters = [];
  #going = false;
  #open = new AbortController();
  constructor(deps) {
    this.#deps = deps;
  }
  /** Resolves when the message is stored. */
  send(content, clientMsgId) {
    return new Promise((resolve, reject) => {
      this.#letters.push({ content, clientMsgId, resolve, reject });
      this.flush();
    });
  }
  flush() {
    if (!this.#going) void this.#go(this.#open.signal);
  }
  /** Gives up what is not stored. */
  close() {
    this.#open.abort();
    this.#open = new AbortController();
    this.#going = false;
    for (const letter of this.#letters.splice(0)) letter.reject(closedError());
  }
  async #go(signal) {
    this.#going = true;
    while (this.#letters[0] && this.#deps.ready()) {
      const letter = this.#letters[0];
      await this.#store(letter, signal).then(letter.resolve, letter.reject);
      if (signal.aborted) return;
      this.#letters.shift();
    }
    this.#going = false;
  }
  async #store({ content, clientMsgId }, signal) {
    const { roomId, line, engine } = this.#deps;
    const send = () => line.request("chat_message", { content, client_msg_id: clientMsgId }, { roomId, resend: "always" });
    const passes = (e) => e.temporary || e.code === "not_subscribed";
    const { id, seq } = await persist(send, { engine, signal, attempts, passes });
    return { id: Number(id), seq: Number(seq), clientMsgId };
  }
};

// client/src/presence.ts
var Presence = class {
  #online = /* @__PURE__ */ new Map();
  #count = 0;
  get online() {
    return this.#online;
  }
  get count() {
    return this.#count;
  }
  /** All there are, or only their count. */
  set(users, count2) {
    this.#online = new Map(users.map((user) => [user.id, user]));
    this.#count = count2;
  }
  /** A frame that tells of it. */
  hear(type, data) {
    if (type === "presence_state") this.set(data.users, Number(data.count));
    else if (type === "user_online") this.#came(data.user);
    else this.#went(data.user);
  }
  #came(user) {
    if (this.#named)
      this.set([...this.#online.values(), user], this.#online.has(user.id) ? this.#count : this.#count + 1);
  }
  #went(user) {
    if (!this.#online.has(user.id)) return;
    this.set(
      [...this.#online.values()].filter((other) => other.id !== user.id),
      this.#count - 1
    );
  }
  get #named() {
    return this.#online.size === this.#count;
  }
};

// client/src/unique_id.ts
function uniqueId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// client/src/room.ts
var typingMs = 2e3;
var attempts2 = 8;
var ChatRoom = class extends Emitter {
  id;
  #deps;
  #presence = new Presence();
  #order;
  #catchUp;
  #outbox;
  #backoff;
  // between subscriptions that the server ends
  #state = "closed";
  #opening;
  #subscription;
  // in this session
  #leaving;
  // the last subscription
  #begun = false;
  // of this opening: where messages begin is known
  #callState;
  #typedAt = Number.NEGATIVE_INFINITY;
  // by the engine's clock
  constructor(deps) {
    super();
    const { id, line, api, engine } = deps;
    this.id = id;
    this.#deps = deps;
    this.#order = new InOrder({
      message: (message) => this.emit("message", message),
      changed: (message) => this.emit(message.deleted_at ? "delete" : "edit", message),
      missing: () => this.#fill()
    });
    this.#catchUp = new CatchUp({ roomId: id, api, engine, order: this.#order });
    this.#outbox = new Outbox({ roomId: id, line, engine, ready: () => this.#subscription?.done ?? false });
    this.#backoff = new Backoff(engine.random);
  }
  get state() {
    return this.#state;
  }
  get lastSeq() {
    return this.#order.last;
  }
  get online() {
    return this.#presence.online;
  }
  get onlineCount() {
    return this.#presence.count;
  }
  get callState() {
    return this.#callState;
  }
  open({ since } = {}) {
    if (this.#opening) return this.#opening.answer;
    if (this.#deps.line.state === "closed") return Promise.reject(closedError());
    this.#order.reset();
    this.#catchUp.reset();
    this.#begun = since !== void 0;
    if (since !== void 0) this.#order.start(since);
    const opening = { ended: new AbortController(), open: false };
    opening.answer = new Promise((resolve, reject) => Object.assign(opening, { resolve, reject }));
    this.#opening = opening;
    this.#become("opening");
    if (this.#deps.line.state === "open") void this.#subscribe(opening);
    return opening.answer;
  }
  close() {
    if (!this.#opening) return;
    if (this.#subscription) this.#leave();
    this.#shut(closedError());
  }
  send(content, { clientMsgId = uniqueId() } = {}) {
    if (!this.#opening) return Promise.reject(closedError("the room is not open"));
    return this.#outbox.send(content, clientMsgId);
  }
  async edit(messageId, content) {
    await this.#request("message_edit", { message_id: messageId, content });
  }
  async delete(messageId) {
    await this.#request("message_delete", { message_id: messageId });
  }
  async history({
    before,
    after,
    limit = 50
  } = {}) {
    const cursor = after !== void 0 ? { after_seq: after } : { before_seq: before ?? Number.MAX_SAFE_INTEGER };
    return (await this.#deps.api.messages(this.id, { ...cursor, limit })).results;
  }
  typing(note) {
    const now = this.#deps.engine.now();
    if (this.#state !== "open" || now - this.#typedAt < typingMs) return;
    this.#typedAt = now;
    this.#deps.line.notify("typing", note === void 0 ? {} : { note }, { roomId: this.id });
  }
  async markRead(messageId) {
    if (messageId === void 0) await this.#request("mark_room_as_read", {});
    else await this.#request("message_read", { message_id: messageId });
  }
  ring(options = {}) {
    return this.#deps.ring(options);
  }
  /** The line has a new socket. */
  welcome(resumed) {
    const opening = this.#opening;
    if (!opening) return;
    if (!resumed && this.#begun) this.#catchUp.mark();
    if (!resumed || !this.#subscription) void this.#subscribe(opening);
    else if (this.#subscription.done) this.#become("open");
  }
  /** The line has no socket. */
  lost() {
    if (this.#state === "open") this.#become("waiting");
  }
  /** The line is over. */
  over() {
    this.#shut(closedError());
  }
  /** A frame for this room. */
  hear({ type, data }) {
    if (!this.#opening) return;
    switch (type) {
      case "chat_message":
        this.#order.take(data);
        break;
      case "message_edit":
      case "message_delete":
        this.#order.change(data);
        break;
      case "typing":
        this.emit("typing", data);
        break;
      case "message_read":
        this.emit("read", data);
        break;
      case "presence_state":
        this.#backoff.reset();
        this.#present(type, data);
        break;
      case "user_online":
      case "user_offline":
        this.#present(type, data);
        break;
      case "call_state":
        this.#showCall(data);
        break;
      case "unsubscribed":
        this.#unsubscribed(this.#opening, data);
    }
  }
  #present(type, data) {
    this.#presence.hear(type, data);
    this.emit("presence", { online: this.online, count: this.onlineCount });
  }
  /** Ends the subscription. What is sent again must not end the next one: that waits for the answer. */
  #leave() {
    const { line } = this.#deps;
    const done = () => {
      if (this.#leaving === leaving) this.#leaving = void 0;
    };
    const leaving = line.request("unsubscribe", { room_id: this.id, channel: "chat" }).then(done, done);
    this.#leaving = leaving;
  }
  async #subscribe(opening, pauseMs2 = 0) {
    const { line, engine } = this.#deps;
    this.#subscription?.over.abort();
    const subscription = { over: new AbortController(), done: false };
    this.#subscription = subscription;
    if (pauseMs2 > 0) await sleep(pauseMs2, engine, subscription.over.signal);
    if (this.#leaving) await this.#leaving;
    if (subscription !== this.#subscription) return;
    const data = { room_id: this.id, channel: "chat" };
    if (this.#begun) data.since_seq = this.#order.last;
    try {
      const how = { engine, signal: subscription.over.signal };
      const { last_seq } = await persist(() => line.request("subscribe", data, { resend: "always" }), how);
      if (subscription !== this.#subscription) return;
      subscription.done = true;
      this.#subscribed(opening, Number(last_seq), subscription.over.signal);
    } catch (e) {
      if (subscription === this.#subscription) this.#refused(opening, e);
    }
  }
  #subscribed(opening, lastSeq, signal) {
    if (!this.#begun) this.#order.start(lastSeq);
    this.#begun = opening.open = true;
    this.#become(this.#deps.line.state === "open" ? "open" : "waiting");
    opening.resolve({ lastSeq });
    this.#outbox.flush();
    this.#catchUp.changes(signal).catch(ended);
    this.#askForCall(signal).catch(ended);
  }
  #refused(opening, e) {
    if (!opening.open) this.#shut(e);
    else if (e instanceof ParleyError && e.code !== "closed") this.#end(closeCodes.forbidden, e.message);
  }
  #unsubscribed(opening, { channel, code, reason }) {
    if (channel !== "chat") return;
    if (comesBack(Number(code))) {
      this.#catchUp.mark();
      this.lost();
      void this.#subscribe(opening, this.#backoff.next());
    } else {
      this.#end(Number(code), String(reason));
    }
  }
  #fill() {
    if (this.#opening) this.#catchUp.fill(this.#opening.ended.signal).catch(ended);
  }
  /** Chat sockets are told of the call when it changes. How it is now has to be asked for. */
  async #askForCall(signal) {
    const { api, engine } = this.#deps;
    const known = this.#callState;
    const state = await persist(() => api.callState(this.id), { engine, signal });
    if (!signal.aborted && this.#callState === known) this.#showCall(state);
  }
  #showCall(state) {
    this.#callState = state;
    this.emit("callState", state);
  }
  /** Asks what the server does for subscribers only: as long as the room is being opened it may not yet. */
  #request(type, data) {
    const { line, engine } = this.#deps;
    if (!this.#opening) return Promise.reject(closedError("the room is not open"));
    const { signal } = this.#opening.ended;
    const passes = (e) => e.code === "not_subscribed";
    const ask = () => line.request(type, data, { roomId: this.id, resend: "always" });
    return persist(ask, { engine, signal, attempts: attempts2, passes });
  }
  #end(code, reason) {
    this.#shut(closedError(reason));
    this.emit("ended", { code, reason });
  }
  #shut(e) {
    const opening = this.#opening;
    if (!opening) return;
    this.#opening = void 0;
    opening.ended.abort();
    this.#subscription?.over.abort();
    this.#subscription = this.#callState = void 0;
    this.#presence.set([], 0);
    this.#outbox.close();
    opening.reject(e);
    this.#become("closed");
  }
  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.emit("state", { state });
  }
};
function ended(e) {
  if (!(e instanceof ParleyError)) throw e;
}

// client/src/pulse.ts
var patience2 = 5e3;
var Pulse = class {
  #engine;
  #ping;
  #dead;
  #every = 0;
  // ms
  #heard = 0;
  // by the engine's clock
  #cancelNext;
  #cancelWait;
  constructor(engine, { ping, dead }) {
    this.#engine = engine;
    this.#ping = ping;
    this.#dead = dead;
  }
  /** A socket is open: silence of `ms` milliseconds is looked into. */
  start(ms) {
    this.stop();
    this.#every = ms;
    this.heard();
    this.#next();
  }
  stop() {
    this.#cancelNext?.();
    this.#cancelWait?.();
    this.#cancelWait = void 0;
  }
  heard() {
    this.#heard = this.#engine.now();
    this.#cancelWait?.();
    this.#cancelWait = void 0;
  }
  /** Asks now. */
  probe() {
    if (this.#cancelWait) return;
    this.#ping();
    this.#cancelWait = this.#engine.after(patience2, this.#dead);
  }
  #next() {
    const silence = this.#engine.now() - this.#heard;
    if (silence >= this.#every) this.probe();
    this.#cancelNext = this.#engine.after(
      silence >= this.#every ? this.#every : this.#every - silence,
      () => this.#next()
    );
  }
};

// client/src/receipts.ts
var most = { frames: 50, ms: 2e4, size: 16384 };
var Receipts = class {
  #engine;
  #send;
  #received = 0;
  #acknowledged = 0;
  #size = 0;
  #cancel;
  constructor(engine, send) {
    this.#engine = engine;
    this.#send = send;
  }
  /** How many came behind the last `welcome`. */
  get received() {
    return this.#received;
  }
  /** One more has come. */
  count(size) {
    this.#received++;
    this.#size += size;
    if (this.#received - this.#acknowledged >= most.frames || this.#size >= most.size) this.#acknowledge();
    else this.#cancel ??= this.#engine.after(most.ms, () => this.#acknowledge());
  }
  /** There is no socket: nothing can be acknowledged, and the count stands. */
  pause() {
    this.#cancel?.();
    this.#cancel = void 0;
  }
  /** A new `welcome`: the count begins anew. */
  restart() {
    this.pause();
    this.#received = this.#acknowledged = this.#size = 0;
  }
  #acknowledge() {
    this.pause();
    this.#acknowledged = this.#received;
    this.#size = 0;
    this.#send(this.#received);
  }
};

// client/src/requests.ts
var Requests = class {
  #unanswered = /* @__PURE__ */ new Map();
  add(request) {
    this.#unanswered.set(request.id, request);
  }
  /** Takes the one that is answered. A second answer, to what was sent twice, finds nothing. */
  take(id) {
    const request = this.#unanswered.get(id ?? "");
    if (request) this.#unanswered.delete(request.id);
    return request;
  }
  /** Those for which `which` holds, as they are now. */
  where(which) {
    return [...this.#unanswered.values()].filter(which);
  }
  has(request) {
    return this.#unanswered.has(request.id);
  }
  reject(which, e) {
    for (const request of this.where(which)) this.take(request.id)?.reject(e);
  }
};

// client/src/socket.ts
var Socket = class {
  #deps;
  #listener;
  #ws;
  constructor(deps, listener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#open().catch((e) => this.#lose(refused(e)));
  }
  async #open() {
    const { engine, credentials, address } = this.#deps;
    const credential = await credentials();
    if (!this.#listener) return;
    const ws = new engine.WebSocket(address(credential).href, credential.protocols);
    this.#ws = ws;
    ws.onmessage = ({ data }) => this.#listener?.frame(parse(data), data.length);
    ws.onclose = ({ code, reason }) => this.#lose({ code, reason });
  }
  #lose(loss) {
    const listener = this.#listener;
    this.#listener = void 0;
    listener?.lost(loss);
  }
  /** Whether it is not closed, whoever hears of it. */
  get open() {
    return this.#ws !== void 0 && this.#ws.readyState <= 1;
  }
  send(text) {
    if (this.#ws?.readyState === 1) this.#ws.send(text);
  }
  /**
   * Hears no more of it. An open socket stays open, for a close frame would end the session that another socket is to take over.
   */
  abandon() {
    this.#listener = void 0;
    if (this.#ws?.readyState === 0) this.#ws.close();
  }
  /** Leaves: the session ends. */
  close() {
    this.#listener = void 0;
    this.#ws?.close(closeCodes.normal);
  }
};
function parse(text) {
  const { data = {}, ...rest } = JSON.parse(text);
  return { ...rest, data };
}
function refused(e) {
  if (!(e instanceof ParleyError)) return { code: closeCodes.lost, reason: String(e) };
  const code = e.code === "unauthenticated" ? closeCodes.unauthenticated : closeCodes.lost;
  return { code, reason: e.message, ...e.retryAfterMs !== void 0 && { retryAfterMs: e.retryAfterMs } };
}

// client/src/session.ts
var openingMs = 1e4;
var rivalMs = 6e4;
var heartbeatS = 25;
var frameBytes = 65536;
var Session = class extends Emitter {
  #deps;
  #backoff;
  #receipts;
  #pulse;
  #requests = new Requests();
  #unwatch;
  #state = "connecting";
  #socket;
  // the one that is heard
  #given = [];
  // given up, and perhaps open: it is the server that closes them
  #rivalsUntil = Number.NEGATIVE_INFINITY;
  // by the engine's clock
  #lastId = 0;
  #resumeToken;
  #settling;
  // the ping whose pong shows what never arrived
  #first = true;
  #slotMs;
  // the server's, for the next socket
  #hasty = false;
  // the pause is our own, and may be cut short
  #cancel;
  // of the pause, or of the time to open
  constructor(deps) {
    super();
    this.#deps = deps;
    this.#backoff = new Backoff(deps.engine.random);
    this.#receipts = new Receipts(deps.engine, (n) => this.notify("received", { n }));
    this.#pulse = new Pulse(deps.engine, { ping: () => this.#ping(), dead: () => this.#takeOver() });
    this.#unwatch = deps.engine.watch(() => this.probe());
    this.#open();
  }
  get state() {
    return this.#state;
  }
  request(type, data = {}, { roomId, resend = "session" } = {}) {
    if (this.#state === "closed") return Promise.reject(closedError());
    const id = this.#nextId();
    const text = encode({ type, id, ...roomId !== void 0 && { room_id: roomId }, data });
    if (text.length * 3 > frameBytes && new TextEncoder().encode(text).length > frameBytes) {
      return Promise.reject(new ParleyError({ code: "message_too_long", message: "over the size of a frame" }));
    }
    return new Promise((resolve, reject) => {
      this.#requests.add({ id, text, resend, resolve, reject });
      if (this.#state === "open" && (resend === "always" || !this.#settling)) this.#socket?.send(text);
    });
  }
  notify(type, data = {}, { roomId } = {}) {
    if (this.#state === "open")
      this.#socket?.send(encode({ type, ...roomId !== void 0 && { room_id: roomId }, data }));
  }
  probe() {
    if (this.#state === "open") this.#pulse.probe();
    else if (this.#state === "waiting" && this.#hasty) this.#open();
  }
  close() {
    this.#end(closedError());
  }
  #open() {
    this.#cancel?.();
    const { engine, credentials } = this.#deps;
    const socket = new Socket(
      { engine, credentials, address: (credential) => this.#address(credential.query) },
      { frame: (frame, size) => this.#hear(frame, size), lost: (loss) => this.#lose(loss) }
    );
    this.#socket = socket;
    this.#cancel = engine.after(openingMs, () => {
      this.#giveUp();
      this.#rivalsUntil = engine.now() + rivalMs;
      this.#lose({ code: closeCodes.lost, reason: "no welcome" });
    });
    this.#become("connecting");
  }
  #address(query) {
    const url = new URL(this.#deps.url);
    const resume = this.#resumeToken && { resume: this.#resumeToken, received: String(this.#receipts.received) };
    url.search = new URLSearchParams({ ack: "1", ...query, ...resume }).toString();
    return url;
  }
  /** The old socket is as good as dead. A new one resumes the session beside it, whose frames count no more: they come again. */
  #takeOver() {
    this.#giveUp();
    this.#rest();
    this.#open();
  }
  #giveUp() {
    if (!this.#socket) return;
    this.#socket.abandon();
    this.#given.push(this.#socket);
  }
  /** The server closes those from which this session was taken over. In a new one they stand for nothing. */
  #forget(resumed) {
    if (resumed) {
      this.#given = this.#given.filter((socket) => socket.open);
      return;
    }
    for (const socket of this.#given.splice(0)) socket.close();
    this.#rivalsUntil = Number.NEGATIVE_INFINITY;
  }
  #rest() {
    this.#pulse.stop();
    this.#receipts.pause();
    this.#socket = void 0;
    this.#settling = void 0;
  }
  #lose({ code, reason, retryAfterMs }) {
    this.#cancel?.();
    this.#rest();
    const rival = code === closeCodes.replaced && this.#deps.engine.now() < this.#rivalsUntil;
    if (!comesBack(code) && !rival) {
      this.#end(refusal2(code, reason));
      this.emit("closed", { code, reason });
      return;
    }
    if (rival) this.#rivalsUntil = Number.NEGATIVE_INFINITY;
    const asked = this.#slotMs ?? retryAfterMs;
    const retryInMs = asked ?? this.#backoff.next();
    this.#hasty = asked === void 0;
    this.#slotMs = void 0;
    this.#cancel = this.#deps.engine.after(retryInMs, () => this.#open());
    this.#become("waiting", retryInMs);
  }
  #end(e) {
    if (this.#state === "closed") return;
    this.#cancel?.();
    this.#unwatch();
    for (const socket of [...this.#given, this.#socket]) socket?.close();
    this.#rest();
    this.#requests.reject(() => true, e);
    this.#become("closed");
  }
  #hear(frame, size) {
    this.#pulse.heard();
    if (frame.type !== "welcome") this.#receipts.count(size);
    switch (frame.type) {
      case "welcome":
        this.#welcome(frame.data);
        break;
      case "ack":
        this.#requests.take(frame.id)?.resolve(frame.data);
        break;
      case "error":
        this.#requests.take(frame.id)?.reject(asError(frame.data));
        break;
      case "pong":
        this.#settle(frame.id);
        break;
      case "reconnect":
        this.#slotMs = Number(frame.data.retry_after_ms);
        break;
      default:
        this.emit("frame", frame);
    }
  }
  #welcome(data) {
    const first = this.#first;
    this.#cancel?.();
    this.#first = false;
    this.#resumeToken = data.resume_token;
    this.#receipts.restart();
    this.#backoff.reset();
    this.#forget(data.resumed);
    this.#slotMs = void 0;
    this.#state = "open";
    this.#pulse.start((data.heartbeat_s || heartbeatS) * 1e3);
    if (data.resumed) this.#settling = this.#ping();
    else if (!first) this.#requests.reject((r) => r.resend === "session", closedError("the session is over"));
    const waiting = this.#requests.where((r) => r.resend === "always" || !data.resumed);
    this.emit("welcome", { resumed: data.resumed, first, data });
    this.#write(waiting);
    if (this.#state === "open") this.emit("state", { state: "open" });
  }
  /** What has no answer now has never reached the server. */
  #settle(pong) {
    if (!this.#settling || pong !== this.#settling) return;
    this.#settling = void 0;
    this.#write(this.#requests.where((r) => r.resend !== "always"));
  }
  #write(requests) {
    for (const request of requests) if (this.#requests.has(request)) this.#socket?.send(request.text);
  }
  #ping() {
    const id = this.#nextId();
    this.#socket?.send(encode({ type: "ping", id }));
    return id;
  }
  #nextId() {
    return String(++this.#lastId);
  }
  #become(state, retryInMs) {
    this.#state = state;
    this.emit("state", { state, ...retryInMs !== void 0 && { retryInMs } });
  }
};
var encode = (frame) => JSON.stringify(frame);
function asError({ code, message, temporary, retry_after_ms: retryAfterMs, errors: fields }) {
  return new ParleyError({ code, message, temporary, retryAfterMs, fields });
}
function refusal2(code, reason) {
  const codes = {
    [closeCodes.unauthenticated]: "unauthenticated",
    [closeCodes.forbidden]: "permission_denied"
  };
  return new ParleyError({ code: codes[code] ?? "closed", message: reason });
}

// client/src/client.ts
var Client = class extends Emitter {
  api;
  #engine;
  #makeCall;
  #openLine;
  #line;
  #rings;
  #rooms = /* @__PURE__ */ new Map();
  #calls = /* @__PURE__ */ new Map();
  #user;
  #features = /* @__PURE__ */ new Set();
  #degraded = false;
  constructor({ server, token, credentials = "ticket", engine }, makeCall) {
    super();
    const url = serverUrl(server);
    this.#engine = engineWith(engine);
    this.#makeCall = makeCall;
    this.api = new Api(new Http(url, this.#engine, token));
    const shown = credentials === "token" ? tokenCredentials(token) : ticketCredentials(this.api);
    this.#openLine = (path2) => new Session({ engine: this.#engine, url: socketUrl(url, path2), credentials: shown });
    this.#line = this.#openLine("ws/");
    this.#rings = new Rings(this.#line, this.#engine);
    this.#line.on("welcome", ({ resumed, first, data }) => this.#welcome(resumed, first, data));
    this.#line.on("frame", (frame) => this.#hear(frame));
    this.#line.on("state", (e) => {
      if (e.state === "connecting" || e.state === "waiting") for (const room of this.#rooms.values()) room.lost();
      this.emit("state", e);
    });
    this.#line.on("closed", ({ code }) => {
      this.#over();
      if (code === closeCodes.unauthenticated) this.emit("signedOut", { code });
    });
  }
  get state() {
    return this.#line.state;
  }
  get user() {
    return this.#user;
  }
  get features() {
    return this.#features;
  }
  room(id) {
    const { api } = this;
    const ring = (options) => this.#rings.invite(id, options);
    const room = this.#rooms.get(id) ?? new ChatRoom({ id, line: this.#line, api, engine: this.#engine, ring });
    this.#rooms.set(id, room);
    return room;
  }
  call(roomId) {
    const openLine = () => this.#openLine(`ws/call/${roomId}/`);
    const closed = () => this.state === "closed";
    const deps = { roomId, api: this.api, engine: this.#engine, openLine, closed };
    const call = this.#calls.get(roomId) ?? this.#makeCall(deps);
    this.#calls.set(roomId, call);
    return call;
  }
  probe() {
    this.#line.probe();
  }
  close() {
    for (const call of this.#calls.values()) call.leave();
    this.#line.close();
    this.#over();
  }
  #over() {
    for (const room of this.#rooms.values()) room.over();
    this.#rings.over();
  }
  #welcome(resumed, first, { user, features }) {
    this.#user = user;
    this.#features = new Set(features);
    if (!resumed && !first) this.#rings.sessionLost();
    if (this.#degraded) this.#degrade([]);
    for (const room of this.#rooms.values()) room.welcome(resumed);
  }
  #hear(frame) {
    const { type, data } = frame;
    switch (type) {
      case "unread":
        this.emit("unread", data);
        break;
      case "room_added":
        this.emit("roomAdded", data.room);
        break;
      case "room_removed":
        this.emit("roomRemoved", data);
        break;
      case "call_missed":
        this.emit("callMissed", data);
        break;
      case "degraded":
        this.#degrade(data.reasons);
        break;
      default:
        if (data.invite_id !== void 0) this.#ring(frame);
        else if (type === "incoming_call") this.emit("callStarted", data);
        else this.#rooms.get(frame.room_id ?? 0)?.hear(frame);
    }
  }
  #ring(frame) {
    const ring = this.#rings.hear(frame);
    if (ring) this.emit("incomingCall", ring);
  }
  #degrade(reasons2) {
    this.#degraded = reasons2.length > 0;
    this.emit("degraded", { reasons: reasons2 });
  }
};
function socketUrl(server, path2) {
  const url = new URL(path2, server);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

// client/src/connect.ts
var connect = (options) => new Client(options, newCall);
export {
  ParleyError,
  connect,
  signIn,
  signUp
};
