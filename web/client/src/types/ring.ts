import type { User } from '../wire.ts';

/** Why an invite rings no longer. */
export type RingOver = 'accepted' | 'declined' | 'elsewhere' | 'cancelled' | 'expired';

/** What an invite for this user tells. */
export interface RingEvents {
  /** It rings no longer. Nothing follows. */
  over: { reason: RingOver };
}

/** An invite that rings for this user. */
export interface Ring {
  readonly inviteId: string;
  readonly roomId: number;
  readonly from: User;
  /** By the server's clock. */
  readonly expiresAt: Date;
  /** Answers. It is not joining: `call(roomId).join()` does that. */
  accept(): Promise<void>;
  decline(): Promise<void>;
  on<K extends keyof RingEvents>(event: K, listener: (e: RingEvents[K]) => void): () => void;
}

/** What an invite of one's own tells. */
export interface OutgoingRingEvents {
  accepted: User;
  declined: User;
  /** `answered`: by all who were invited. Nothing follows. */
  over: { reason: 'answered' | 'cancelled' | 'expired' };
}

/** An invite of this user's own. */
export interface OutgoingRing {
  readonly inviteId: string;
  /** Ids of the users for whom it rings or has rung. */
  readonly invited: number[];
  /** By the server's clock. */
  readonly expiresAt: Date;
  /** Ends it for all who have not answered. They have missed the call. */
  cancel(): Promise<void>;
  on<K extends keyof OutgoingRingEvents>(event: K, listener: (e: OutgoingRingEvents[K]) => void): () => void;
}
