import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDesk, useStore } from '../page.ts';
import { callSounds } from './call-tiles.ts';

/** The voices of a call. They are heard wherever on the page the user is. */
export function CallSound() {
  const store = useStore(useDesk().call);
  const box = useRef<HTMLDivElement>(null);
  const [deaf, setDeaf] = useState(false);
  const sounds = callSounds(store);
  const hear = () => {
    setDeaf(false);
    for (const audio of box.current?.querySelectorAll('audio') ?? []) audio.play().catch(() => setDeaf(true));
  };
  return (
    <div ref={box} class="call-sound">
      {sounds.map((stream) => (
        <Voice key={stream.id} stream={stream} speaker={store.speaker} onRefused={() => setDeaf(true)} />
      ))}
      {deaf && sounds.length > 0 && (
        <button type="button" class="button button-primary hear" onClick={hear}>
          Click to hear
        </button>
      )}
    </div>
  );
}

interface VoiceProps {
  stream: MediaStream;
  speaker: string | undefined;
  /** The browser plays no sound before the user has touched the page. */
  onRefused: () => void;
}

function Voice({ stream, speaker, onRefused }: VoiceProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useLayoutEffect(() => {
    const element = audio.current;
    if (!element) return;
    element.srcObject = stream;
    element.play().catch((error) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onRefused();
    });
  }, [stream]);
  useLayoutEffect(() => {
    // A loudspeaker that is gone leaves the sound on the system's own.
    if (speaker !== undefined) audio.current?.setSinkId?.(speaker).catch(() => undefined);
  }, [speaker]);
  // biome-ignore lint/a11y/useMediaCaption: nobody writes captions of what is said just now
  return <audio ref={audio} autoplay />;
}
