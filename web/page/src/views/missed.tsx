import { useEffect } from 'preact/hooks';
import { dayName, momentOf, timeOf } from '../format.ts';
import { useDesk, useStore } from '../page.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { href } from '../router.ts';

/** The calls that the user has missed. To look at them is to have seen them. */
export function MissedCalls() {
  const desk = useDesk();
  const missed = useStore(desk.missed);
  const rooms = useStore(desk.rooms);
  useEffect(() => {
    void missed.see();
  }, [missed.unseen]);
  return (
    <section class="page" aria-labelledby="missed-title">
      <header class="bar">
        <a
          class="icon-button back"
          href={href({ name: 'home' })}
          aria-label="Back to the rooms"
          title="Back to the rooms"
        >
          <Icon name="back" />
        </a>
        <h1 id="missed-title">Missed calls</h1>
      </header>
      {missed.list.length === 0 ? (
        <div class="empty">
          <Icon name="missed" />
          <h2>You have missed no call</h2>
          <p>When somebody calls and you are not there, you find it here.</p>
        </div>
      ) : (
        <ul class="rows">
          {missed.list.map((call) => {
            const name = call.from.display_name || call.from.username;
            return (
              <li key={call.id}>
                <a class="row" href={href({ name: 'room', id: call.room_id })}>
                  <Avatar name={name} />
                  <span class="row-text">
                    <strong>{name}</strong>
                    <span class="hint">{rooms.get(call.room_id)?.name ?? `Room ${call.room_id}`}</span>
                  </span>
                  <time class="hint" dateTime={call.created_at} title={momentOf(call.created_at)}>
                    {dayName(call.created_at)}, {timeOf(call.created_at)}
                  </time>
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
