// A front end as people write one who have read docs/api.md and docs/webrtc.md
// and nothing else: no library, the token in the socket's address, frames of
// `{type, data}` without ids, targets by user, lists by page. `?server=` names
// the server, which is of another origin.
const server = new URLSearchParams(location.search).get('server');
const sockets = server.replace(/^http/, 'ws');
const find = (id) => document.getElementById(id);

let token;
let me;
let chat;

async function api(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = `Token ${token}`;
  const response = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

find('login').onsubmit = async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const login = await api('POST', '/api/auth/login/', Object.fromEntries(form));
  token = login.token;
  me = login.user;
  find('who').textContent = me.username;
  for (let page = 1, list = { next: true }; list.next; page++) {
    list = await api('GET', `/api/rooms/?page=${page}`);
    list.results.forEach(showRoom);
  }
};

function showRoom(room) {
  const button = document.createElement('button');
  button.textContent = room.name;
  button.onclick = () => enter(room.id);
  const item = document.createElement('li');
  item.append(button);
  find('rooms').append(item);
}

// Chat

const shown = new Set();

function showMessage({ id, author, content }, place = 'append') {
  if (shown.has(id)) return;
  shown.add(id);
  const item = document.createElement('li');
  item.textContent = `${author.username}: ${content}`;
  find('messages')[place](item);
}

async function enter(roomId) {
  chat = new WebSocket(`${sockets}/ws/room/${roomId}/?token=${token}`);
  chat.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.type === 'chat_message') showMessage(frame.data);
  };
  find('compose').onsubmit = (event) => {
    event.preventDefault();
    const content = event.target.content.value;
    chat.send(JSON.stringify({ type: 'chat_message', data: { content, attachment_ids: [] } }));
    event.target.reset();
  };
  const history = await api('GET', `/api/chat/${roomId}/messages/?page=1`);
  for (const message of history.results) showMessage(message, 'prepend'); // newest first
  find('call').onclick = () => call(roomId);
}

// Calls

const connections = {}; // by user id

async function call(roomId) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  find('mine').srcObject = stream;
  const { ice_servers: iceServers } = await api('GET', '/api/ice-servers/');
  const signaling = new WebSocket(`${sockets}/ws/call/${roomId}/?token=${token}`);
  const send = (type, data = {}) => signaling.send(JSON.stringify({ type, data }));

  const connect = (userId) => {
    const pc = new RTCPeerConnection({ iceServers });
    connections[userId] = pc;
    pc.onicecandidate = ({ candidate }) => candidate && send('ice_candidate', { target_user_id: userId, candidate });
    pc.ontrack = ({ streams }) => showVideo(userId, streams[0]);
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    return pc;
  };

  const handlers = {
    user_joined: async ({ user }) => {
      const pc = connect(user.id);
      await pc.setLocalDescription(await pc.createOffer());
      send('offer', { target_user_id: user.id, sdp: pc.localDescription.sdp });
    },
    offer: async ({ from_user_id: from, sdp }) => {
      const pc = connections[from] ?? connect(from);
      await pc.setRemoteDescription({ type: 'offer', sdp });
      await pc.setLocalDescription(await pc.createAnswer());
      send('answer', { target_user_id: from, sdp: pc.localDescription.sdp });
    },
    answer: ({ from_user_id: from, sdp }) => connections[from].setRemoteDescription({ type: 'answer', sdp }),
    ice_candidate: ({ from_user_id: from, candidate }) => connections[from]?.addIceCandidate(candidate),
    user_left: ({ user_id: userId }) => {
      connections[userId]?.close();
      delete connections[userId];
      find(`video-${userId}`)?.remove();
    },
    call_state: ({ room_state: state }) => {
      find('state').textContent = state;
    },
  };
  let last = Promise.resolve(); // one frame after the other
  signaling.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    last = last.then(() => handlers[frame.type]?.(frame.data));
  };
  signaling.onopen = () => send('join_call');
  find('hangup').onclick = () => {
    send('leave_call');
    signaling.close();
    for (const userId of Object.keys(connections)) handlers.user_left({ user_id: userId });
  };
}

function showVideo(userId, stream) {
  let video = find(`video-${userId}`);
  if (!video) {
    video = document.createElement('video');
    video.id = `video-${userId}`;
    video.autoplay = true;
    video.playsInline = true;
    video.muted = true;
    find('theirs').append(video);
  }
  video.srcObject = stream;
}
