import { usePage, useStore } from '../page.ts';
import type { Unsent } from '../stores/outbox.ts';
import type { RoomStore } from '../stores/room.ts';
import { Icon } from './icon.tsx';
import { LinkedText } from './linked-text.tsx';

/** A message of one's own that is not stored yet: on its way, or refused. */
export function UnsentItem({ room, unsent }: { room: RoomStore; unsent: Unsent }) {
  const { outbox } = room;
  const { user } = useStore(usePage().session);
  const look = unsent.failure ? 'message message-own message-failed' : 'message message-own message-pending';
  return (
    <article class={look} aria-label={user?.display_name || user?.username}>
      <div class="message-main">
        <div class="bubble-line">
          <p class="bubble" dir="auto">
            <LinkedText text={unsent.content} />
          </p>
        </div>
        {unsent.failure ? (
          <div class="unsent">
            <p role="alert">Not sent. {unsent.failure}</p>
            <div class="buttons">
              <button type="button" class="button button-small" onClick={() => outbox.drop(unsent.clientMsgId)}>
                Discard
              </button>
              <button type="button" class="button button-small" onClick={() => room.rewrite(unsent.clientMsgId)}>
                Edit
              </button>
              <button type="button" class="button button-small" onClick={() => outbox.retry(unsent.clientMsgId)}>
                Try again
              </button>
            </div>
          </div>
        ) : (
          <p class="unsent hint">
            <Icon name="clock" />
            Sending…
          </p>
        )}
      </div>
    </article>
  );
}
