import type { CallState, Message, User } from '../wire.ts';
import type { OutgoingRing } from './ring.ts';
/** waiting: the connection is lost, and comes back by itself. */
export type RoomState = 'closed' | 'opening' | 'open' | 'waiting';
/** A room's chat. */
export interface Room {
    readonly id: number;
    readonly state: RoomState;
    /** `seq` of the newest message that was delivered, or was there when the room was opened. */
    readonly lastSeq: number;
    /** Who is here, by id. Empty where only a count is known. */
    readonly online: ReadonlyMap<number, User>;
    readonly onlineCount: number;
    readonly callState: CallState | undefined;
    /** Subscribes. With `since`, the messages after that `seq` come first. Rejects where one is refused: `permission_denied`, … */
    open(options?: {
        since?: number;
    }): Promise<{
        lastSeq: number;
    }>;
    close(): void;
    /**
     * Resolves when the message is stored. It survives lost sockets and is never stored twice; messages are stored in the order in
     * which they were sent. The room must be open, or waiting.
     */
    send(content: string, options?: {
        clientMsgId?: string;
    }): Promise<{
        id: number;
        seq: number;
        clientMsgId: string;
    }>;
    edit(messageId: number, content: string): Promise<void>;
    delete(messageId: number): Promise<void>;
    /** Newest first (by default, and with `before` a `seq`) or oldest first (`after` a `seq`); at most 100. */
    history(query?: {
        before?: number;
        after?: number;
        limit?: number;
    }): Promise<Message[]>;
    /** To be called at every key stroke: at most one frame in 2 s is sent. */
    typing(note?: string): void;
    /** Moves one's read marker to a message, by default to the newest. */
    markRead(messageId?: number): Promise<void>;
    /** Calls one participant, or all others. It rings for 30 s unless said otherwise. */
    ring(options?: {
        userId?: number;
        lifetimeMs?: number;
    }): Promise<OutgoingRing>;
    on<K extends keyof RoomEvents>(event: K, listener: (e: RoomEvents[K]) => void): () => void;
}
/** What happens in a room. */
export interface RoomEvents {
    state: {
        state: RoomState;
    };
    /** In the order of `seq`, each once, whatever happens to sockets. */
    message: Message;
    /** A message that came before is as here now. */
    edit: Message;
    delete: Message;
    typing: {
        user: User;
        note?: string;
    };
    /** Somebody's read marker moved. */
    read: {
        user_id: number;
        message_id: number;
        seq: number;
    };
    presence: {
        online: ReadonlyMap<number, User>;
        count: number;
    };
    callState: CallState;
    /** Removed (4403), or the room was deleted (4410). */
    ended: {
        code: number;
        reason: string;
    };
}
