import { useDesk, useStore } from '../page.ts';
import { Avatar } from './avatar.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';

/** Somebody calls. */
export function IncomingCall() {
  const desk = useDesk();
  const ring = useStore(desk.rings).list[0];
  const rooms = useStore(desk.rooms);
  if (!ring) return null;
  const name = ring.from.display_name || ring.from.username;
  return (
    <Dialog
      key={ring.inviteId}
      title="Incoming call"
      role="alertdialog"
      unasked
      onClose={() => void desk.rings.decline(ring)}
    >
      <div class="ringing">
        <Avatar name={name} size="xl" />
        <p class="ringing-who">{name} is calling</p>
        <p class="hint">{rooms.get(ring.roomId)?.name}</p>
        <div class="buttons">
          <button type="button" class="button button-danger" onClick={() => void desk.rings.decline(ring)}>
            <Icon name="hangUp" />
            Decline
          </button>
          <button type="button" class="button button-accept" onClick={() => void desk.accept(ring)}>
            <Icon name="phone" />
            Accept
          </button>
        </div>
      </div>
    </Dialog>
  );
}
