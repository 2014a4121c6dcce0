import { useLayoutEffect, useRef } from 'preact/hooks';
import { useStore } from '../page.ts';
import type { RoomStore } from '../stores/room.ts';
import { IconButton } from './button.tsx';

/** Where messages are written. */
export function Composer({ room }: { room: RoomStore }) {
  const draft = useStore(room.draft);
  const { text } = draft;
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    // On a phone the keyboard would cover the room that one came to read.
    if (matchMedia('(pointer: fine)').matches) area.current?.focus();
  }, []);
  useLayoutEffect(() => grow(area.current), [text]);
  const change = (value: string) => {
    draft.write(value);
    if (value.trim() !== '') room.typed();
  };
  const send = () => {
    if (text.trim() === '') return;
    room.outbox.send(text.trim());
    draft.write('');
  };
  return (
    <form
      class="composer"
      onSubmit={(e) => {
        e.preventDefault();
        send();
        area.current?.focus();
      }}
    >
      <textarea
        ref={area}
        dir="auto"
        aria-label="Message"
        placeholder="Write a message"
        rows={1}
        value={text}
        enterkeyhint="send"
        onInput={(e) => change(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (!sends(e)) return;
          e.preventDefault();
          send();
        }}
      />
      <IconButton icon="send" label="Send" type="submit" class="send" disabled={text.trim() === ''} />
    </form>
  );
}

/** Enter sends, Shift+Enter begins a line. While an input method composes a word, Enter is its own. */
export function sends(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing;
}

/** Makes the area as high as its text; the style sheet bounds it. */
export function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
