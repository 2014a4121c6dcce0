import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RoomStore } from '../stores/room.ts';

/** So near to an end, in px, counts as being there. */
const near = 48;
/** So near to the top, in px, older messages are asked for. */
const ahead = 400;

/** Keeps a log of messages where its reader wants it: at the newest while they follow, and where they read while they read. */
export function useLogScroll(log: RefObject<HTMLDivElement | null>, room: RoomStore) {
  const following = useRef(true);
  const size = useRef<Size>({ content: 0, width: 0, height: 0 });
  const firstSeq = useRef<number | undefined>(undefined);
  const waiting = useRef(0);
  const [seenSeq, setSeenSeq] = useState(0);
  const { messages } = room;
  const firstShown = messages[0]?.seq;
  const lastSeq = messages.at(-1)?.seq ?? 0;

  const look = () => {
    const element = log.current;
    if (!element) return;
    if (following.current && document.visibilityState === 'visible') {
      room.seen();
      setSeenSeq(room.messages.at(-1)?.seq ?? 0);
    }
    // After a failure the reader decides: see MessageLog.
    if (element.scrollTop < ahead && !room.olderFailure) void room.loadOlder();
  };

  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    // Who writes wants to see what they wrote.
    if (room.outbox.list.length > waiting.current) following.current = true;
    waiting.current = room.outbox.list.length;
    // What came above must not move what is read.
    const older = firstSeq.current !== undefined && (firstShown ?? 0) < firstSeq.current;
    if (following.current) element.scrollTop = element.scrollHeight;
    else if (older) element.scrollTop += element.scrollHeight - size.current.content;
    firstSeq.current = firstShown;
    size.current = sizeOf(element);
  });

  // A page may be too short to scroll: then the next is asked for at once.
  useEffect(look, [firstShown, lastSeq, room.phase]);

  useEffect(() => {
    const element = log.current;
    if (!element) return;
    // A keyboard that comes, a panel that opens: who follows goes on following.
    const sizes = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
      size.current = sizeOf(element);
    });
    sizes.observe(element);
    document.addEventListener('visibilitychange', look);
    return () => {
      sizes.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [room]);

  const toBottom = () => {
    following.current = true;
    const element = log.current;
    if (element) element.scrollTop = element.scrollHeight;
    look();
  };
  const onScroll = () => {
    const element = log.current;
    // Where the log has another size than before, the browser has scrolled and not the reader.
    if (!element || !isSame(sizeOf(element), size.current)) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < near;
    look();
  };
  const unseen = messages.filter((m) => m.seq > seenSeq && m.author.id !== room.me).length;
  return { missedBelow: following.current ? 0 : unseen, toBottom, onScroll };
}

interface Size {
  content: number;
  width: number;
  height: number;
}

function sizeOf(element: HTMLElement): Size {
  return { content: element.scrollHeight, width: element.clientWidth, height: element.clientHeight };
}

function isSame(a: Size, b: Size): boolean {
  return a.content === b.content && a.width === b.width && a.height === b.height;
}
