// What is said over HTTP and in frames, as the API's documentation names it.

/** A user as others see them. */
export interface User {
  id: number;
  username: string;
  display_name: string;
}

/** A user as they see themselves. */
export interface Account extends User {
  email: string;
  created_at: string;
}

/** A room that one is in. */
export interface RoomInfo {
  id: number;
  name: string;
  owner: User;
  /** Nobody joins by themselves: the owner adds people. */
  private: boolean;
  participant_count: number;
  unread_count: number;
  last_seq: number;
  created_at: string;
  updated_at: string;
}

/** Somebody in a room. */
export interface Participant extends User {
  role: 'owner' | 'member';
  joined_at: string;
}

/** A chat message. `seq` counts 1, 2, 3… in each room, without gaps. */
export interface Message {
  id: number;
  seq: number;
  room_id: number;
  author: User;
  /** Empty once it was deleted. */
  content: string;
  client_msg_id?: string;
  created_at: string;
  edited_at?: string;
  deleted_at?: string;
}

/** A piece of a list. `next` and `previous` are URLs. */
export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

/** A call that rang for one in vain. */
export interface MissedCall {
  id: number;
  room_id: number;
  from: User;
  created_at: string;
  seen: boolean;
}

/** A participant of a room's call. */
export interface CallParticipant {
  user_id: number;
  username: string;
  peer_id?: string;
  state: 'connecting' | 'active' | 'suspended';
  /** When one who is suspended is given up. */
  deadline?: string;
}

/** Who is in a room's call. */
export interface CallState {
  participants: CallParticipant[];
  room_state: 'idle' | 'connecting' | 'active' | 'ended';
}

/** The STUN and TURN servers to use. */
export interface IceServers {
  ice_servers: RTCIceServer[];
  expires_at: string | null;
}

/** What is in a frame's `data`. */
export type Data = Record<string, unknown>;

/** A frame from the server. */
export interface Frame {
  type: string;
  id?: string;
  room_id?: number;
  data: Data;
}

/** What the server says first on each socket. */
export interface Welcome {
  connection_id: string;
  node: string;
  user: User;
  room_id?: number;
  last_seq?: number;
  heartbeat_s: number;
  resume_token: string;
  resume_window_s: number;
  resumed: boolean;
  features: string[];
}
