import type { Message } from 'parley-client';
import { useState } from 'preact/hooks';
import { momentOf, timeOf } from '../format.ts';
import type { RoomStore } from '../stores/room.ts';
import { Avatar } from './avatar.tsx';
import { LinkedText } from './linked-text.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageEditor } from './message-editor.tsx';

interface Props {
  room: RoomStore;
  message: Message;
  /** The message before it is of the same author, a moment earlier: name and picture stand there. */
  goesOn: boolean;
}

/** One message. */
export function MessageItem({ room, message, goesOn }: Props) {
  const [editing, setEditing] = useState(false);
  const [edited, setEdited] = useState(false);
  const own = message.author.id === room.me;
  const author = message.author.display_name || message.author.username;
  const look = ['message', own && 'message-own', goesOn && 'message-on'].filter(Boolean).join(' ');
  const done = () => {
    setEditing(false);
    setEdited(true);
  };
  return (
    <article class={look} aria-label={author}>
      {!own && (goesOn ? <span class="avatar-gap" /> : <Avatar name={author} size="s" />)}
      <div class="message-main">
        {!goesOn && (
          <header class="message-head">
            {!own && <strong>{author}</strong>}
            <time dateTime={message.created_at} title={momentOf(message.created_at)}>
              {timeOf(message.created_at)}
            </time>
          </header>
        )}
        {editing ? (
          <MessageEditor message={message} room={room} onDone={done} />
        ) : (
          <div class="bubble-line">
            <Bubble message={message} />
            {!message.deleted_at && (
              <MessageActions
                room={room}
                message={message}
                own={own}
                focused={edited}
                onEdit={() => setEditing(true)}
              />
            )}
          </div>
        )}
      </div>
    </article>
  );
}

function Bubble({ message }: { message: Message }) {
  if (message.deleted_at) return <p class="bubble bubble-gone">This message was deleted.</p>;
  return (
    <p class="bubble" dir="auto">
      <LinkedText text={message.content} />
      {message.edited_at && (
        <span class="edited" title={momentOf(message.edited_at)}>
          {' '}
          (edited)
        </span>
      )}
    </p>
  );
}
