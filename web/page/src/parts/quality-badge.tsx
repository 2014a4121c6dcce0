import type { Peer, Quality } from 'parley-client';
import { useRef, useState } from 'preact/hooks';
import { bitRate } from '../format.ts';
import { useDesk, useStore } from '../page.ts';
import { grade } from '../stores/quality.ts';
import { Popover } from './popover.tsx';

const paths: Record<string, string> = {
  host: 'direct, in one network',
  srflx: 'direct, through a router',
  prflx: 'direct, through a router',
  relay: 'through a relay',
};

/** How good the connection to a peer is, with the figures behind it. */
export function QualityBadge({ peer }: { peer: Peer }) {
  const watch = useStore(useDesk().call.quality);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const quality = watch?.of(peer);
  const level = grade(peer, quality);
  return (
    <div class="quality">
      <button
        ref={button}
        type="button"
        class={`quality-badge quality-${level}`}
        aria-label={`Connection quality: ${level}`}
        title={`Connection quality: ${level}`}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span class="signal" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </button>
      {open && (
        <Popover anchor={button} label="Connection" onClose={() => setOpen(false)}>
          <Figures quality={quality} />
        </Popover>
      )}
    </div>
  );
}

function Figures({ quality }: { quality: Quality | undefined }) {
  if (!quality) return <p class="popover-head">Not measured yet.</p>;
  const { localCandidateType: local, remoteCandidateType: remote } = quality;
  const types = local && remote ? `${local} to ${remote}, ${quality.protocol?.toUpperCase() ?? '?'}` : 'none yet';
  const path =
    local === 'relay' || remote === 'relay'
      ? paths.relay
      : local === 'host' && remote
        ? paths[remote]
        : local && paths[local];
  return (
    <dl class="figures">
      <dt>Path</dt>
      <dd>
        {types}
        {path && <span class="hint">{path}</span>}
      </dd>
      <dt>Round trip</dt>
      <dd>{quality.roundTripMs === undefined ? 'unknown' : `${Math.round(quality.roundTripMs)} ms`}</dd>
      <dt>Sending</dt>
      <dd>{bitRate(quality.sendBitsPerSecond)}</dd>
      <dt>Receiving</dt>
      <dd>{bitRate(quality.receiveBitsPerSecond)}</dd>
      {quality.lostShare !== undefined && (
        <>
          <dt>Lost</dt>
          <dd>{(quality.lostShare * 100).toFixed(1)} %</dd>
        </>
      )}
    </dl>
  );
}
