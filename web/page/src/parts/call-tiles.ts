import type { Peer } from 'parley-client';
import type { CallStore } from '../stores/call.ts';
import type { People } from '../stores/people.ts';

/** One picture in a call: somebody's camera, or a screen that they share. */
export interface TileContent {
  key: string;
  /** Who it is, for the eye and as its accessible name. */
  name: string;
  kind: 'camera' | 'screen';
  /** Whose initials stand where there is no picture. */
  avatar: string;
  own: boolean;
  stream: MediaStream | undefined;
  /** There is a picture to show. */
  picture: boolean;
  muted: boolean;
  peer?: Peer;
}

/** What is to be seen in the call: oneself first, then the others as they came. `me` is one's own name. */
export function callTiles(store: CallStore, people: People, me: string): TileContent[] {
  return [...ownTiles(store, me), ...store.peers.flatMap((peer) => peerTiles(peer, people))];
}

function ownTiles(store: CallStore, avatar: string): TileContent[] {
  const { media, screen } = store;
  const picture = media?.isOn('video') ?? false;
  const muted = !(media?.isOn('audio') ?? false);
  const tiles: TileContent[] = [
    { key: 'own', name: 'You', avatar, kind: 'camera', own: true, stream: media?.preview, picture, muted },
  ];
  if (screen)
    tiles.push({
      key: 'own screen',
      name: 'You, screen',
      avatar,
      kind: 'screen',
      own: true,
      stream: screen,
      picture: true,
      muted: false,
    });
  return tiles;
}

function peerTiles(peer: Peer, people: People): TileContent[] {
  const name = people.nameOf(peer.user.id, peer.user.username);
  const streams = [...peer.streams.values()];
  const cameras = streams.filter((s) => s.label !== 'screen').map((s) => s.stream);
  // A camera that was switched on later comes as a stream of its own, beside the microphone's.
  const stream = cameras.find((s) => s.getVideoTracks().length > 0);
  const key = `user ${peer.user.id}`;
  const tiles: TileContent[] = [
    {
      key,
      name,
      avatar: name,
      kind: 'camera',
      own: false,
      stream,
      picture: stream !== undefined && !peer.muted.video,
      muted: peer.muted.audio,
      peer,
    },
  ];
  for (const { stream: screen, label } of streams) {
    if (label !== 'screen') continue;
    tiles.push({
      key: `screen ${screen.id}`,
      name: `${name}, screen`,
      avatar: name,
      kind: 'screen',
      own: false,
      stream: screen,
      picture: true,
      muted: false,
    });
  }
  return tiles;
}

/** Everything of the others that can be heard. */
export function callSounds(store: CallStore): MediaStream[] {
  return store.peers
    .flatMap((peer) => [...peer.streams.values()].map((s) => s.stream))
    .filter((s) => s.getAudioTracks().length > 0);
}
