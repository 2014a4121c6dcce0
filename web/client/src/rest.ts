import type { Http } from './http.ts';
import type { Account, CallState, IceServers, Message, MissedCall, Page, Participant, RoomInfo } from './wire.ts';

/** Which of a room's messages: one cursor, or changes by page. */
export interface MessageQuery {
  before_seq?: number;
  after_seq?: number;
  /** Edited or deleted since a time (RFC 3339), the earliest change first, by page. */
  changed_since?: string;
  limit?: number;
  page?: number;
}

/** The user to add to a room: by one of the three. */
export interface Who {
  user_id?: number;
  username?: string;
  email?: string;
}

/** The REST API. Each call rejects with a ParleyError. */
export class Api {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  me(): Promise<Account> {
    return this.#http.request('api/auth/me/');
  }
  updateProfile(profile: { display_name?: string; email?: string }): Promise<Account> {
    return this.#http.request('api/auth/profile/', { method: 'PATCH', body: profile });
  }
  /** The token is dead from then on, and its connections end with `signedOut`. */
  signOut(): Promise<void> {
    return this.#post('api/auth/logout/');
  }
  /** A one-time ticket for a socket. */
  ticket(): Promise<{ ticket: string; expires_at: string }> {
    return this.#post('api/auth/ticket/');
  }

  /** The rooms one is in, the one that changed last first. */
  rooms(page?: number): Promise<Page<RoomInfo>> {
    return this.#http.request('api/rooms/', { query: { page } });
  }
  createRoom(room: { name: string; private?: boolean }): Promise<RoomInfo> {
    return this.#post('api/rooms/', room);
  }
  room(id: number): Promise<RoomInfo> {
    return this.#http.request(`api/rooms/${id}/`);
  }
  /** The owner's right. `owner_id` hands the room over. */
  updateRoom(id: number, change: { name?: string; private?: boolean; owner_id?: number }): Promise<RoomInfo> {
    return this.#http.request(`api/rooms/${id}/`, { method: 'PATCH', body: change });
  }
  /** The owner's right. */
  deleteRoom(id: number): Promise<void> {
    return this.#http.request(`api/rooms/${id}/`, { method: 'DELETE' });
  }
  joinRoom(id: number): Promise<RoomInfo> {
    return this.#post(`api/rooms/${id}/join/`);
  }
  leaveRoom(id: number): Promise<void> {
    return this.#post(`api/rooms/${id}/leave/`);
  }

  participants(id: number, page?: number): Promise<Page<Participant>> {
    return this.#http.request(`api/rooms/${id}/participants/`, { query: { page } });
  }
  /** The owner's right. */
  addParticipant(id: number, who: Who): Promise<Participant> {
    return this.#post(`api/rooms/${id}/add-participant/`, who);
  }
  /** The owner's right. */
  removeParticipant(id: number, who: { user_id: number }): Promise<void> {
    return this.#post(`api/rooms/${id}/remove-participant/`, who);
  }

  /** A room's messages, newest first, unless the query says otherwise. */
  messages(id: number, query: MessageQuery = {}): Promise<Page<Message>> {
    return this.#http.request(`api/rooms/${id}/messages/`, { query: { ...query } });
  }

  callState(id: number): Promise<CallState> {
    return this.#http.request(`api/rooms/${id}/call-state/`);
  }
  iceServers(): Promise<IceServers> {
    return this.#http.request('api/ice-servers/');
  }
  missedCalls(page?: number): Promise<Page<MissedCall>> {
    return this.#http.request('api/calls/missed/', { query: { page } });
  }
  seeMissedCalls(upToId: number): Promise<void> {
    return this.#post('api/calls/missed/seen/', { up_to_id: upToId });
  }

  #post<T>(path: string, body?: object): Promise<T> {
    return this.#http.request(path, body ? { method: 'POST', body } : { method: 'POST' });
  }
}
