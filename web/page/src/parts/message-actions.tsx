import type { Message } from 'parley-client';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDesk, useStore } from '../page.ts';
import type { RoomStore } from '../stores/room.ts';
import { IconButton } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FormError } from './field.tsx';
import { Popover } from './popover.tsx';
import { useTask } from './use-task.ts';

interface Props {
  room: RoomStore;
  message: Message;
  own: boolean;
  /** The user comes back to it from what it had led to. */
  focused: boolean;
  onEdit: () => void;
}

/** What its author may do with a message, and the room's owner. */
export function MessageActions({ room, message, own, focused, onEdit }: Props) {
  const rooms = useStore(useDesk().rooms);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  useLayoutEffect(() => {
    if (focused) button.current?.focus();
  }, []);
  if (!own && rooms.get(room.id)?.owner.id !== room.me) return null;
  const choose = (what: () => void) => () => {
    setOpen(false);
    what();
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        label="Message actions"
        class="message-actions"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popover anchor={button} role="menu" label="Message actions" onClose={() => setOpen(false)}>
          {own && (
            <button type="button" role="menuitem" class="menu-item" onClick={choose(onEdit)}>
              Edit
            </button>
          )}
          <button
            type="button"
            role="menuitem"
            class="menu-item menu-item-danger"
            onClick={choose(() => setDeleting(true))}
          >
            Delete
          </button>
        </Popover>
      )}
      {deleting && <DeleteMessage room={room} message={message} onClose={() => setDeleting(false)} />}
    </>
  );
}

/** A message that is deleted is gone for everybody, so it is asked once more. */
function DeleteMessage({ room, message, onClose }: { room: RoomStore; message: Message; onClose: () => void }) {
  const { busy, failure, run } = useTask();
  const remove = async () => {
    if (await run(() => room.delete(message.id))) onClose();
  };
  return (
    <Dialog title="Delete this message?" role="alertdialog" onClose={onClose}>
      <blockquote class="quote" dir="auto">
        {message.content}
      </blockquote>
      <p>It goes for everybody in the room, and cannot be brought back.</p>
      <FormError text={failure} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void remove()}>
          Delete
        </button>
      </div>
    </Dialog>
  );
}
