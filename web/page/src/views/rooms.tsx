import type { RoomInfo } from 'parley-client';
import { useState } from 'preact/hooks';
import { useDesk, usePage, useStore } from '../page.ts';
import { AccountMenu } from '../parts/account-menu.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';
import { Icon, Sign } from '../parts/icon.tsx';
import { JoinRoom, NewRoom } from '../parts/room-dialogs.tsx';
import { href } from '../router.ts';

/** The rooms that the user is in. */
export function RoomList() {
  const { router } = usePage();
  const desk = useDesk();
  const rooms = useStore(desk.rooms);
  const missed = useStore(desk.missed);
  const { route } = useStore(router);
  const [dialog, setDialog] = useState<'new' | 'join'>();
  return (
    <nav class="rooms" aria-label="Rooms">
      <header class="rooms-head">
        <a class="wordmark" href={href({ name: 'home' })}>
          <Sign />
          Parley
        </a>
        <IconButton icon="link" label="Join a room" onClick={() => setDialog('join')} />
        <IconButton icon="plus" label="New room" onClick={() => setDialog('new')} />
      </header>
      {rooms.failure !== undefined && (
        <div class="rooms-note" role="alert">
          <p>{rooms.failure}</p>
          <button type="button" class="button" onClick={() => void rooms.load()}>
            Try again
          </button>
        </div>
      )}
      {rooms.loaded && rooms.list.length === 0 && (
        <p class="rooms-note">
          You are in no room yet. Make one with +, or join one with a link that somebody sent you.
        </p>
      )}
      <ul class="rooms-list">
        {rooms.list.map((room) => (
          <RoomLink key={room.id} room={room} current={route.name === 'room' && route.id === room.id} />
        ))}
      </ul>
      <footer class="rooms-foot">
        <AccountMenu />
        <a
          class={missed.unseen > 0 ? 'icon-button has-news' : 'icon-button'}
          href={href({ name: 'missed' })}
          aria-label={missed.unseen > 0 ? `Missed calls, ${missed.unseen} new` : 'Missed calls'}
          title="Missed calls"
          aria-current={route.name === 'missed' ? 'page' : undefined}
        >
          <Icon name="missed" />
        </a>
      </footer>
      {dialog === 'new' && <NewRoom onClose={() => setDialog(undefined)} />}
      {dialog === 'join' && <JoinRoom onClose={() => setDialog(undefined)} />}
    </nav>
  );
}

function RoomLink({ room, current }: { room: RoomInfo; current: boolean }) {
  const call = useStore(useDesk().call);
  const name = room.unread_count > 0 ? `${room.name}, ${room.unread_count} unread` : room.name;
  return (
    <li>
      <a
        class="room-link"
        href={href({ name: 'room', id: room.id })}
        aria-label={name}
        aria-current={current ? 'page' : undefined}
      >
        <Avatar name={room.name} />
        <span class="room-link-name" dir="auto">
          {room.name}
        </span>
        {room.private && <Icon name="lock" />}
        {call.isIn(room.id) && <Icon name="phone" />}
        {room.unread_count > 0 && (
          <span class="count shown-count" data-count={room.unread_count > 99 ? '99+' : room.unread_count} />
        )}
      </a>
    </li>
  );
}
