import type { Message } from 'parley-client';

/** The messages of a room that are known here: ascending by seq, each once. */
export class Timeline {
  list: readonly Message[] = [];

  /** Adds messages, or replaces those that were known by newer versions of them. */
  put(messages: readonly Message[]): void {
    const last = this.list.at(-1);
    const [only] = messages;
    if (messages.length === 1 && only && only.seq > (last?.seq ?? 0)) {
      this.list = [...this.list, only];
      return;
    }
    const bySeq = new Map(this.list.map((m) => [m.seq, m]));
    for (const message of messages) bySeq.set(message.seq, newer(bySeq.get(message.seq), message));
    this.list = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  get first(): Message | undefined {
    return this.list[0];
  }

  get last(): Message | undefined {
    return this.list.at(-1);
  }
}

/** A page of history may have been read before an edit that was told meanwhile. */
function newer(known: Message | undefined, read: Message): Message {
  return known && changedAt(known) > changedAt(read) ? known : read;
}

function changedAt(message: Message): string {
  return message.deleted_at ?? message.edited_at ?? '';
}
