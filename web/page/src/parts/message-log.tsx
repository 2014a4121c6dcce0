import type { Message } from 'parley-client';
import { useRef } from 'preact/hooks';
import { dayKey, dayName, nameList, plural } from '../format.ts';
import type { RoomStore } from '../stores/room.ts';
import { Spinner } from './button.tsx';
import { Icon } from './icon.tsx';
import { MessageItem } from './message-item.tsx';
import { UnsentItem } from './unsent-item.tsx';
import { useLogScroll } from './use-log-scroll.ts';

/** Messages of one author that follow within this time stand together, in ms. */
const together = 5 * 60_000;

/** What was said in the room, with what is on its way below it. */
export function MessageLog({ room }: { room: RoomStore }) {
  const log = useRef<HTMLDivElement>(null);
  const { missedBelow, toBottom, onScroll } = useLogScroll(log, room);
  const { messages } = room;
  const lastOwn = messages.findLast((m) => m.author.id === room.me && !m.deleted_at);
  return (
    <div class="log-frame">
      <div
        ref={log}
        class="log"
        role="log"
        aria-label="Messages"
        aria-busy={room.loadingOlder}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="log-top">
          {room.loadingOlder && <Spinner />}
          {room.olderFailure && (
            <div class="log-failure" role="alert">
              <p class="hint">{room.olderFailure}</p>
              <button type="button" class="button button-small" onClick={() => void room.loadOlder()}>
                Try again
              </button>
            </div>
          )}
          {room.atBeginning && messages.length > 0 && <p class="hint">This is where it began.</p>}
        </div>
        {messages.length === 0 && room.outbox.list.length === 0 && <NothingSaid />}
        {messages.map((message, i) => (
          <Entry
            key={message.id}
            room={room}
            message={message}
            before={messages[i - 1]}
            readLine={message === lastOwn}
          />
        ))}
        {room.outbox.list.map((unsent) => (
          <UnsentItem key={unsent.clientMsgId} room={room} unsent={unsent} />
        ))}
      </div>
      {missedBelow > 0 && (
        <button type="button" class="pill" onClick={toBottom}>
          {plural(missedBelow, 'new message')}
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  room: RoomStore;
  message: Message;
  before: Message | undefined;
  /** It is the last of one's own: below it stands who has read it. */
  readLine: boolean;
}

function Entry({ room, message, before, readLine }: EntryProps) {
  const newDay = !before || dayKey(before.created_at) !== dayKey(message.created_at);
  const goesOn =
    !newDay &&
    before.author.id === message.author.id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < together;
  const readers = readLine ? room.readers(message) : [];
  return (
    <>
      {newDay && (
        <p class="day">
          <span>{dayName(message.created_at)}</span>
        </p>
      )}
      <MessageItem room={room} message={message} goesOn={goesOn} />
      {readers.length > 0 && (
        <p class="read">
          <Icon name="check" />
          Read by {nameList(readers)}
        </p>
      )}
    </>
  );
}

function NothingSaid() {
  return (
    <div class="empty">
      <Icon name="chat" />
      <h2>Nothing has been said yet</h2>
      <p>Write the first message, or bring somebody in: the link above invites to this room.</p>
    </div>
  );
}
