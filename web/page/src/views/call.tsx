import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDesk, usePage, useStore } from '../page.ts';
import { Spinner } from '../parts/button.tsx';
import { CallControls } from '../parts/call-controls.tsx';
import { callTiles, type TileContent } from '../parts/call-tiles.ts';
import { bestGrid } from '../parts/grid.ts';
import { Tile } from '../parts/tile.tsx';
import type { CallStore } from '../stores/call.ts';
import type { RoomStore } from '../stores/room.ts';

/** The call of the room, while the user is in it or about to be. */
export function CallView({ room }: { room: RoomStore }) {
  const store = useStore(useDesk().call);
  const calling = useStore(store.calling);
  const { user } = useStore(usePage().session);
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // The button that led here is gone. Who uses the keyboard goes on from the call.
    if (document.activeElement === document.body) section.current?.focus();
  }, [store.phase]);
  return (
    <section ref={section} class="call" aria-label="Call" tabIndex={-1}>
      {store.phase === 'asking' && (
        <div class="empty" role="status">
          <Spinner />
          <h2>Camera and microphone</h2>
          <p>Your browser may ask whether this page may use them.</p>
          <button type="button" class="button" onClick={() => store.leave()}>
            Cancel
          </button>
        </div>
      )}
      {store.phase === 'refused' && <Refused store={store} />}
      {store.phase === 'joining' && (
        <div class="empty" role="status">
          <Spinner />
          <p>Joining the call…</p>
          <button type="button" class="button" onClick={() => store.leave()}>
            Cancel
          </button>
        </div>
      )}
      {store.phase === 'on' && (
        <Stage tiles={callTiles(store, room.people, user?.display_name || user?.username || '')} />
      )}
      {store.phase === 'on' && (
        <footer class="call-foot">
          <CallStatus store={store} calling={calling.active} />
          <CallControls store={store} />
        </footer>
      )}
    </section>
  );
}

/** The browser gave nothing: the user decides. */
function Refused({ store }: { store: CallStore }) {
  return (
    <div class="empty">
      <h2>No camera and no microphone</h2>
      <p role="alert">{store.refusal}</p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => store.leave()}>
          Cancel
        </button>
        <button type="button" class="button" onClick={() => void store.joinWithout()}>
          Join without them
        </button>
        <button type="button" class="button button-primary" onClick={() => void store.retry()}>
          Try again
        </button>
      </div>
    </div>
  );
}

/** Whether it rings, nobody is here, or the signaling is lost. */
function CallStatus({ store, calling }: { store: CallStore; calling: boolean }) {
  const alone = store.peers.length === 0;
  return (
    <div class="call-status" role="status">
      {calling && (
        <>
          <span>Calling…</span>
          <button type="button" class="button button-small" onClick={() => store.leave()}>
            Cancel
          </button>
        </>
      )}
      {!calling && alone && <span>You are the only one here.</span>}
      {!alone && store.call?.state === 'reconnecting' && <span>The call goes on while the page reconnects.</span>}
    </div>
  );
}

/** All pictures: in a grid of equals, or a shared screen with the others in a strip. */
function Stage({ tiles }: { tiles: TileContent[] }) {
  const stage = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) setBox({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  const screens = tiles.filter((tile) => tile.kind === 'screen');
  const large = screens.findLast((tile) => !tile.own) ?? screens.at(-1);
  const small = tiles.filter((tile) => tile !== large);
  const grid = bestGrid(tiles.length, box, 12);
  return (
    <div
      ref={stage}
      class={large ? 'tiles tiles-screen' : 'tiles'}
      style={{ '--columns': grid.columns, '--tile': `${grid.width}px` }}
    >
      {large && <Tile key={large.key} tile={large} large />}
      {/* In a grid of equals the strip is no box of its own: the same pictures go on in it when a screen comes. */}
      <div class="strip">
        {small.map((tile) => (
          <Tile key={tile.key} tile={tile} />
        ))}
      </div>
    </div>
  );
}
