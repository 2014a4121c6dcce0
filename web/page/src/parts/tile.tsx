import { useLayoutEffect, useRef } from 'preact/hooks';
import { Avatar } from './avatar.tsx';
import type { TileContent } from './call-tiles.ts';
import { Icon } from './icon.tsx';
import { QualityBadge } from './quality-badge.tsx';

/** One picture of a call, and what is to be said of it. */
export function Tile({ tile, large = false }: { tile: TileContent; large?: boolean }) {
  const screen = tile.kind === 'screen';
  const look = ['tile', large && 'tile-large', screen ? 'tile-screen' : tile.own && 'tile-mirrored'];
  const trouble = tile.peer && troubleWith(tile.peer);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class={look.filter(Boolean).join(' ')} role="group" aria-label={tile.name}>
      <Picture stream={tile.stream} shown={tile.picture} />
      {!tile.picture && <Avatar name={tile.avatar} size="xl" />}
      {trouble && <p class="tile-trouble">{trouble}</p>}
      <p class="tile-name">
        {tile.muted && (
          <>
            <Icon name="microphoneOff" />
            <span class="hidden">Muted: </span>
          </>
        )}
        <span class="tile-name-text" dir="auto">
          {tile.name}
        </span>
      </p>
      {tile.peer && <QualityBadge peer={tile.peer} />}
    </div>
  );
}

/** A picture without its sound, which CallSound plays. Without sound it may always start by itself. */
function Picture({ stream, shown }: { stream: MediaStream | undefined; shown: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === (stream ?? null)) return;
    element.srcObject = stream ?? null;
    // A new stream interrupts the start of the one before: that is no fault.
    if (stream) element.play().catch(() => undefined);
  }, [stream]);
  return <video ref={video} class={shown ? '' : 'video-off'} autoplay playsInline muted />;
}

function troubleWith(peer: NonNullable<TileContent['peer']>): string | undefined {
  if (peer.suspended) return 'reconnecting…';
  switch (peer.state) {
    case 'connecting':
      return 'connecting…';
    case 'disconnected':
    case 'failed':
      return 'connection lost, trying again…';
    default:
      return undefined;
  }
}
