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
export declare class Api {
    #private;
    constructor(http: Http);
    me(): Promise<Account>;
    updateProfile(profile: {
        display_name?: string;
        email?: string;
    }): Promise<Account>;
    /** The token is dead from then on, and its connections end with `signedOut`. */
    signOut(): Promise<void>;
    /** A one-time ticket for a socket. */
    ticket(): Promise<{
        ticket: string;
        expires_at: string;
    }>;
    /** The rooms one is in, the one that changed last first. */
    rooms(page?: number): Promise<Page<RoomInfo>>;
    createRoom(room: {
        name: string;
        private?: boolean;
    }): Promise<RoomInfo>;
    room(id: number): Promise<RoomInfo>;
    /** The owner's right. `owner_id` hands the room over. */
    updateRoom(id: number, change: {
        name?: string;
        private?: boolean;
        owner_id?: number;
    }): Promise<RoomInfo>;
    /** The owner's right. */
    deleteRoom(id: number): Promise<void>;
    joinRoom(id: number): Promise<RoomInfo>;
    leaveRoom(id: number): Promise<void>;
    participants(id: number, page?: number): Promise<Page<Participant>>;
    /** The owner's right. */
    addParticipant(id: number, who: Who): Promise<Participant>;
    /** The owner's right. */
    removeParticipant(id: number, who: {
        user_id: number;
    }): Promise<void>;
    /** A room's messages, newest first, unless the query says otherwise. */
    messages(id: number, query?: MessageQuery): Promise<Page<Message>>;
    callState(id: number): Promise<CallState>;
    iceServers(): Promise<IceServers>;
    missedCalls(page?: number): Promise<Page<MissedCall>>;
    seeMissedCalls(upToId: number): Promise<void>;
}
