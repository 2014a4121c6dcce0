import type { Ref } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { plural } from '../format.ts';
import { useDesk, usePage, useStore } from '../page.ts';
import { href, inviteLink } from '../router.ts';
import type { RoomStore } from '../stores/room.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

interface Props {
  room: RoomStore;
  /** The button that shows the people. */
  people: Ref<HTMLButtonElement>;
  peopleShown: boolean;
  onPeople: () => void;
}

/** The head of a room: its name, who is there, and what can be done. */
export function RoomBar({ room, people, peopleShown, onPeople }: Props) {
  const desk = useDesk();
  const info = useStore(desk.rooms).get(room.id);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    // Where no composer takes the focus (see Composer), who comes to a room begins at its name.
    if (!matchMedia('(pointer: fine)').matches) heading.current?.focus();
  }, []);
  const calling = useStore(desk.call).isIn(room.id);
  useLayoutEffect(() => {
    // The call's controls have gone with it.
    if (!calling && document.activeElement === document.body) heading.current?.focus();
  }, [calling]);
  const count = room.people.list.length || (info?.participant_count ?? 0);
  return (
    <header class="bar">
      <a
        class="icon-button back"
        href={href({ name: 'home' })}
        aria-label="Back to the rooms"
        title="Back to the rooms"
      >
        <Icon name="back" />
      </a>
      <div class="bar-title">
        <h1 ref={heading} id="room-name" dir="auto" tabIndex={-1}>
          {info?.name ?? `Room ${room.id}`}
        </h1>
        <p class="hint">
          {room.people.onlineCount > 0 && <span class="online">{room.people.onlineCount} online</span>}
          {count > 0 && <span class="bar-count">{plural(count, 'person', 'people')}</span>}
        </p>
      </div>
      {info && !info.private && <CopyLink roomId={room.id} />}
      {!calling && <CallButton room={room} />}
      <button
        ref={people}
        type="button"
        class="icon-button with-count"
        aria-label="People"
        title="People"
        aria-expanded={peopleShown}
        onClick={onPeople}
      >
        <Icon name="people" />
        <span class="shown-count" data-count={count} />
      </button>
    </header>
  );
}

/** Starts the room's call, or joins the one that is on. */
function CallButton({ room }: { room: RoomStore }) {
  const { call } = useDesk();
  const others = (room.callState?.participants ?? []).filter((p) => p.user_id !== room.me && p.state !== 'connecting');
  const on = others.length > 0;
  return (
    <button
      type="button"
      class={on ? 'button button-primary call-button' : 'button call-button'}
      disabled={room.phase !== 'open'}
      onClick={() => void call.start(room.id, { ring: !on })}
    >
      <Icon name={on ? 'phone' : 'camera'} />
      {on ? 'Join call' : 'Call'}
    </button>
  );
}

function CopyLink({ roomId }: { roomId: number }) {
  const { notices } = usePage();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(inviteLink(roomId));
      notices.info('The invite link is copied. Send it to whom you want here.');
    } catch {
      notices.alert(`Your browser did not let the page copy. The link is ${inviteLink(roomId)}`);
    }
  };
  return <IconButton icon="link" label="Copy invite link" onClick={() => void copy()} />;
}
