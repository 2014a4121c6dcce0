import { useRef, useState } from 'preact/hooks';
import { useDesk, useStore } from '../page.ts';
import { Spinner } from '../parts/button.tsx';
import { Composer } from '../parts/composer.tsx';
import { Icon } from '../parts/icon.tsx';
import { MessageLog } from '../parts/message-log.tsx';
import { PeoplePanel } from '../parts/people-panel.tsx';
import { RoomBar } from '../parts/room-bar.tsx';
import { TypingLine } from '../parts/typing-line.tsx';
import { href } from '../router.ts';
import type { RoomStore } from '../stores/room.ts';
import { CallView } from './call.tsx';

/** One room: what was said in it, who is in it, and its call. */
export function RoomView({ id }: { id: number }) {
  const desk = useDesk();
  const room = useStore(desk.room(id));
  const call = useStore(desk.call);
  const [peopleShown, showPeople] = useState(false);
  const people = useRef<HTMLButtonElement>(null);
  const calling = call.isIn(id);
  const layout = [
    'room',
    calling && 'room-calling',
    calling && call.chatShown && 'room-with-chat',
    peopleShown && 'room-with-people',
  ];
  const closePeople = () => {
    showPeople(false);
    people.current?.focus();
  };
  if (room.isOver) return <RoomClosed room={room} />;
  return (
    <section class={layout.filter(Boolean).join(' ')} aria-labelledby="room-name">
      <RoomBar room={room} people={people} peopleShown={peopleShown} onPeople={() => showPeople(!peopleShown)} />
      {calling && <CallView room={room} />}
      <div class="chat">
        {room.phase === 'opening' && room.messages.length === 0 ? <Opening /> : <MessageLog room={room} />}
        <TypingLine room={room} />
        <Composer room={room} />
      </div>
      {peopleShown && <PeoplePanel room={room} onClose={closePeople} />}
    </section>
  );
}

function Opening() {
  return (
    <div class="empty" role="status">
      <Spinner />
      <p>Opening the room…</p>
    </div>
  );
}

/** The room could not be opened, or is closed to the user now. */
function RoomClosed({ room }: { room: RoomStore }) {
  const desk = useDesk();
  const strange = room.code === 'permission_denied' || room.code === 'not_found';
  return (
    <div class="empty">
      <Icon name="lock" />
      <h1>{room.phase === 'ended' ? 'This room is closed' : 'This room cannot be opened'}</h1>
      <p role="alert">{room.reason}</p>
      <div class="buttons">
        <a class="button" href={href({ name: 'home' })} onClick={() => desk.forget(room.id)}>
          Back to the rooms
        </a>
        {room.phase === 'failed' &&
          (strange ? (
            <a
              class="button button-primary"
              href={href({ name: 'join', id: room.id })}
              onClick={() => desk.forget(room.id)}
            >
              Try to join it
            </a>
          ) : (
            <button type="button" class="button button-primary" onClick={() => void room.open()}>
              Try again
            </button>
          ))}
      </div>
    </div>
  );
}
