import { useEffect } from 'preact/hooks';
import { useDesk, usePage, useStore } from '../page.ts';
import { Banner } from '../parts/banner.tsx';
import { CallBar } from '../parts/call-bar.tsx';
import { CallSound } from '../parts/call-sound.tsx';
import { Sign } from '../parts/icon.tsx';
import { IncomingCall } from '../parts/incoming-call.tsx';
import { JoinByLink } from './join.tsx';
import { MissedCalls } from './missed.tsx';
import { RoomView } from './room.tsx';
import { RoomList } from './rooms.tsx';

/** What a signed-in user sees: the rooms, and what is chosen beside them. On a phone one of the two. */
export function Home() {
  const { router } = usePage();
  const { route } = useStore(router);
  const desk = useDesk();
  useTitle();
  return (
    <div class={route.name === 'home' ? 'home' : 'home home-chosen'}>
      <Banner connection={desk.connection} />
      <RoomList />
      <main class="stage">
        <CallBar />
        {route.name === 'room' && <RoomView key={route.id} id={route.id} />}
        {route.name === 'join' && <JoinByLink key={route.id} id={route.id} />}
        {route.name === 'missed' && <MissedCalls />}
        {route.name === 'home' && <Nothing />}
      </main>
      <CallSound />
      <IncomingCall />
    </div>
  );
}

/** Nothing is chosen. A phone shows the rooms instead. */
function Nothing() {
  return (
    <div class="empty">
      <Sign />
      <h1>Choose a room</h1>
      <p>Or make a new one, and invite the people you want to talk to.</p>
    </div>
  );
}

/** The title tells what waits, for who has the page in another tab. */
function useTitle(): void {
  const { router } = usePage();
  const desk = useDesk();
  const { route } = useStore(router);
  const rooms = useStore(desk.rooms);
  const ring = useStore(desk.rings).list[0];
  const room = route.name === 'room' ? rooms.get(route.id)?.name : undefined;
  const unread = rooms.unread > 0 ? `(${rooms.unread}) ` : '';
  const title = ring
    ? `${ring.from.display_name || ring.from.username} is calling`
    : `${unread}${room ? `${room} – ` : ''}Parley`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
