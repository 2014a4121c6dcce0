import { useState } from 'preact/hooks';
import { useDesk, usePage } from '../page.ts';
import { parseInvite } from '../router.ts';
import { Dialog } from './dialog.tsx';
import { Field, FormError } from './field.tsx';
import { useTask } from './use-task.ts';

interface Props {
  onClose: () => void;
}

/** Makes a room and goes there. */
export function NewRoom({ onClose }: Props) {
  const { router } = usePage();
  const { rooms } = useDesk();
  const [name, setName] = useState('');
  const [isPrivate, setPrivate] = useState(false);
  const { busy, failure, run } = useTask();
  const create = async () => {
    const room = await rooms.create(name.trim(), isPrivate);
    onClose();
    router.go({ name: 'room', id: room.id });
  };
  return (
    <Dialog title="New room" onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void run(create);
        }}
      >
        <Field label="Name" required maxLength={100} autoComplete="off" value={name} onValue={setName} />
        <label class="check">
          <input
            type="checkbox"
            aria-label="Private"
            checked={isPrivate}
            onChange={(e) => setPrivate(e.currentTarget.checked)}
          />
          <span>
            Private
            <span class="hint">Nobody joins by a link: you add people.</span>
          </span>
        </label>
        <FormError text={failure} />
        <DialogButtons submit="Create" busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** Goes to a room that somebody told of. */
export function JoinRoom({ onClose }: Props) {
  const { router } = usePage();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string>();
  const join = () => {
    const id = parseInvite(text);
    if (id === undefined) return setWrong('This is neither a room’s number nor a link to one.');
    onClose();
    router.go({ name: 'join', id });
  };
  return (
    <Dialog title="Join a room" onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          join();
        }}
      >
        <Field label="Room number or link" required autoComplete="off" value={text} onValue={setText} />
        <FormError text={wrong} />
        <DialogButtons submit="Join" busy={false} onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** The two ways out of a form in a dialog. */
export function DialogButtons({ submit, busy, onClose }: { submit: string; busy: boolean; onClose: () => void }) {
  return (
    <div class="buttons">
      <button type="button" class="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" class="button button-primary" disabled={busy}>
        {submit}
      </button>
    </div>
  );
}
