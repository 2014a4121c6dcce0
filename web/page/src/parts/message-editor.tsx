import type { Message } from 'parley-client';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RoomStore } from '../stores/room.ts';
import { grow, sends } from './composer.tsx';
import { FormError } from './field.tsx';
import { useTask } from './use-task.ts';

interface Props {
  room: RoomStore;
  message: Message;
  onDone: () => void;
}

/** Changes a message in its place. Enter saves, Escape leaves it as it was. */
export function MessageEditor({ room, message, onDone }: Props) {
  const [text, setText] = useState(message.content);
  const area = useRef<HTMLTextAreaElement>(null);
  const { busy, failure, run } = useTask();
  useLayoutEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
    area.current?.form?.scrollIntoView({ block: 'nearest' });
  }, []);
  useLayoutEffect(() => grow(area.current), [text]);
  const save = async () => {
    const content = text.trim();
    if (content === '') return;
    if (content === message.content || (await run(() => room.edit(message.id, content)))) onDone();
  };
  return (
    <form
      class="editor"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={area}
        aria-label="Edit message"
        rows={1}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') onDone();
          if (!sends(e)) return;
          e.preventDefault();
          void save();
        }}
      />
      <FormError text={failure} />
      <div class="buttons">
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" class="button button-primary" disabled={busy || text.trim() === ''}>
          Save
        </button>
      </div>
    </form>
  );
}
