import { recall, remember } from './storage.ts';

/** A camera's picture or a microphone's sound. */
export type Kind = 'audio' | 'video';

/** The devices that the user chose, by deviceId. What is not there any more is replaced by the browser's own choice. */
export interface Chosen {
  video?: string;
  audio?: string;
  speaker?: string;
}

/** What a kind's device is called. */
export const deviceName = { audio: 'microphone', video: 'camera' } as const;

/** What openMedia got. `missing` names what it did not get, and why. */
export interface Opened {
  stream: MediaStream;
  missing?: { what: 'camera' | 'microphone' | 'camera and microphone'; error: unknown };
}

/** What a page that is not opened over https (or from this machine) hears of cameras. */
const insecure = new DOMException('no media devices in this context', 'SecurityError');

export function chosenDevices(): Chosen {
  return recall<Chosen>('devices') ?? {};
}

export function chooseDevices(change: Chosen): Chosen {
  const chosen = { ...chosenDevices(), ...change };
  remember('devices', chosen);
  return chosen;
}

/** Opens camera and microphone, or one of them, or nothing: it never rejects. */
export async function openMedia(chosen: Chosen): Promise<Opened> {
  const video = videoOf({ ideal: chosen.video });
  const audio = audioOf({ ideal: chosen.audio });
  try {
    return { stream: await userMedia({ audio, video }) };
  } catch (both) {
    try {
      return { stream: await userMedia({ audio }), missing: { what: 'camera', error: both } };
    } catch (microphone) {
      const nothing = { stream: new MediaStream(), missing: { what: 'camera and microphone', error: both } } as const;
      // Who refused both would only be asked a third time.
      if (isRefusal(both) && isRefusal(microphone)) return nothing;
      try {
        return { stream: await userMedia({ video }), missing: { what: 'microphone', error: microphone } };
      } catch {
        return nothing;
      }
    }
  }
}

/** Opens one device. Rejects with a DOMException. */
export async function openTrack(kind: Kind, which: Which): Promise<MediaStreamTrack> {
  const stream = await userMedia(kind === 'video' ? { video: videoOf(which) } : { audio: audioOf(which) });
  const [track] = stream.getTracks();
  if (!track) throw new DOMException('no track', 'NotFoundError');
  return track;
}

/** Lets the user choose a screen or window. Rejects with a DOMException. */
export async function openScreen(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw insecure;
  return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
}

/** Phones share no screen. */
export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** Some browsers leave the loudspeaker to the system. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

export async function listDevices(): Promise<MediaDeviceInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  // Without permission the browser lists devices that have neither name nor id.
  return devices.filter((device) => device.deviceId !== '');
}

export function stopTracks(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function userMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw insecure;
  return await navigator.mediaDevices.getUserMedia(constraints);
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'SecurityError');
}

/** A device by its id: if it is there, or that one and no other. */
type Which = { ideal: string | undefined } | { exact: string };

function deviceOf(which: Which): MediaTrackConstraints {
  if ('exact' in which) return { deviceId: which };
  return which.ideal ? { deviceId: { ideal: which.ideal } } : {};
}

/** In a mesh each picture is sent once for every peer: 720p is what eight of them can bear. */
function videoOf(which: Which): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { max: 30 },
    ...deviceOf(which),
  };
}

function audioOf(which: Which): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...deviceOf(which),
  };
}
