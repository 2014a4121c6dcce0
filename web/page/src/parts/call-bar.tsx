import { plural } from '../format.ts';
import { useDesk, usePage, useStore } from '../page.ts';
import { href } from '../router.ts';
import { IconButton } from './button.tsx';

/** Tells who looks at something else that they are in a call. */
export function CallBar() {
  const desk = useDesk();
  const { route } = useStore(usePage().router);
  const store = useStore(desk.call);
  const rooms = useStore(desk.rooms);
  const { roomId } = store;
  if (roomId === undefined || (route.name === 'room' && route.id === roomId)) return null;
  return (
    <section class="call-bar" aria-label="Call">
      <p>
        In a call in <strong>{rooms.get(roomId)?.name ?? `room ${roomId}`}</strong>
        {store.peers.length > 0 && ` with ${plural(store.peers.length, 'other')}`}
      </p>
      <a class="button button-small" href={href({ name: 'room', id: roomId })}>
        Return
      </a>
      <IconButton icon="hangUp" label="Leave call" class="control-leave" onClick={() => store.leave()} />
    </section>
  );
}
