import type { RoomInfo } from 'parley-client';
import { useState } from 'preact/hooks';
import { useDesk, usePage } from '../page.ts';
import type { RoomStore } from '../stores/room.ts';
import { Dialog } from './dialog.tsx';
import { Field, FormError } from './field.tsx';
import { useTask } from './use-task.ts';

interface Props {
  room: RoomStore;
  info: RoomInfo;
  /** The room is the user's own. */
  mine: boolean;
}

/** Changes a room's name and who may come, leaves it or deletes it. */
export function RoomSettings({ room, info, mine }: Props) {
  const [ending, setEnding] = useState(false);
  return (
    <section class="room-settings" aria-label="Room settings">
      <p class="hint">Room number {room.id}</p>
      {mine && <Rename room={room} info={info} />}
      <button type="button" class="button button-caution" onClick={() => setEnding(true)}>
        {mine ? 'Delete room' : 'Leave room'}
      </button>
      {mine && <p class="hint">To leave, make somebody else the owner first.</p>}
      {ending && <EndDialog room={room} info={info} mine={mine} onClose={() => setEnding(false)} />}
    </section>
  );
}

function Rename({ room, info }: { room: RoomStore; info: RoomInfo }) {
  const { rooms } = useDesk();
  const [name, setName] = useState(info.name);
  const { busy, failure, run } = useTask();
  return (
    <form
      class="form"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => rooms.change(room.id, { name: name.trim() }));
      }}
    >
      <Field label="Room name" required maxLength={100} autoComplete="off" value={name} onValue={setName} />
      {name.trim() !== info.name && (
        <button type="submit" class="button" disabled={busy || name.trim() === ''}>
          Rename
        </button>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={info.private}
          disabled={busy}
          onChange={(e) => void run(() => rooms.change(room.id, { private: e.currentTarget.checked }))}
        />
        <span>Private: nobody joins by a link</span>
      </label>
      <FormError text={failure} />
    </form>
  );
}

function EndDialog({ room, info, mine, onClose }: Props & { onClose: () => void }) {
  const desk = useDesk();
  const { router } = usePage();
  const { busy, failure, run } = useTask();
  const end = async () => {
    await (mine ? desk.rooms.delete(room.id) : desk.rooms.leave(room.id));
    // Away first: a room that is looked at would be opened again.
    router.go({ name: 'home' });
    desk.forget(room.id);
  };
  return (
    <Dialog title={mine ? 'Delete this room?' : 'Leave this room?'} onClose={onClose}>
      <p>
        {mine
          ? `“${info.name}” goes for everybody in it, with all that was said there. This cannot be undone.`
          : `You will see no more of “${info.name}”${info.private ? ', and only its owner can bring you back' : ''}.`}
      </p>
      <FormError text={failure} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void run(end)}>
          {mine ? 'Delete' : 'Leave'}
        </button>
      </div>
    </Dialog>
  );
}
