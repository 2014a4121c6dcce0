import type { Data } from './wire.ts';

/** What a peer tells of its media, beside its descriptions: the streams' labels by id, and what is muted. */
export interface About {
  streams: Record<string, string>;
  muted: { audio: boolean; video: boolean };
}

const asObject = (value: unknown): Data => (typeof value === 'object' && value !== null ? (value as Data) : {});

/** Reads what another client wrote, of which nothing can be relied on. */
export function readAbout(value: unknown): About | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { streams, muted } = value as Data;
  const { audio, video } = asObject(muted);
  const labels = Object.entries(asObject(streams)).filter(([, label]) => typeof label === 'string');
  return {
    streams: Object.fromEntries(labels) as Record<string, string>,
    muted: { audio: audio === true, video: video === true },
  };
}
