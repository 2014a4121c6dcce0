import type { Engine } from '../engine.ts';
import type { ConnectionState } from '../line.ts';
import type { Api } from '../rest.ts';
import type { MissedCall, RoomInfo, User } from '../wire.ts';
import type { Call } from './call.ts';
import type { Ring } from './ring.ts';
import type { Room } from './room.ts';
/** How to connect. */
export interface ConnectOptions {
    /** The server's http(s) address; by default the page's own origin. */
    server?: string | URL;
    /** API token, from `signIn` or `signUp`. */
    token: string;
    /**
     * `ticket` (default): each socket is opened with a one-time ticket, which costs a request. `token`: with the token as a
     * subprotocol, where proxies may log it.
     */
    credentials?: 'ticket' | 'token';
    /** For tests, and where there is no browser. */
    engine?: Partial<Engine>;
}
/** A user's connection with the server. */
export interface Parley {
    readonly api: Api;
    readonly state: ConnectionState;
    /** Who one is: known from the first `open` on. */
    readonly user: User | undefined;
    /** What the server can do, by the API's names. */
    readonly features: ReadonlySet<string>;
    /** A room's chat: the same object for the same id. */
    room(id: number): Room;
    /** A room's call: the same object for the same id. */
    call(roomId: number): Call;
    /** Looks at once whether the server is there, and tries at once where it was lost. The page's own events do so by themselves. */
    probe(): void;
    /** Ends it: calls are left, rooms closed. The token stays good. */
    close(): void;
    on<K extends keyof ParleyEvents>(event: K, listener: (e: ParleyEvents[K]) => void): () => void;
}
/** What concerns the user, whatever the room. */
export interface ParleyEvents {
    state: {
        state: ConnectionState;
        retryInMs?: number;
    };
    /** The token is no good (any more); the state is `closed`. */
    signedOut: {
        code: number;
    };
    unread: {
        room_id: number;
        unread_count: number;
        last_seq: number;
    };
    roomAdded: RoomInfo;
    roomRemoved: {
        room_id: number;
        reason: 'left' | 'removed' | 'room_deleted';
    };
    /** Somebody calls, and it rings. */
    incomingCall: Ring;
    /** Somebody is the first in a room's call. It does not ring. */
    callStarted: {
        room_id: number;
        from: User;
    };
    callMissed: MissedCall;
    /** What the server does without for now; empty: that is over. */
    degraded: {
        reasons: string[];
    };
}
