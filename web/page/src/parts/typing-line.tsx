import { nameList } from '../format.ts';
import type { RoomStore } from '../stores/room.ts';

/** Who is typing. Its line is kept free, so that nothing jumps. */
export function TypingLine({ room }: { room: RoomStore }) {
  const names = room.typing.map((user) => user.display_name || user.username);
  return (
    <p class="typing" role="status">
      {names.length > 0 && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {nameList(names)} {names.length === 1 ? 'is' : 'are'} typing…
        </>
      )}
    </p>
  );
}
