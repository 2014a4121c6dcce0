import { useEffect, useId, useState } from 'preact/hooks';
import { canChooseSpeaker, listDevices } from '../media.ts';
import type { CallStore } from '../stores/call.ts';
import { Dialog } from './dialog.tsx';

/** Which camera, microphone and loudspeaker the call uses. */
export function DevicesDialog({ store, onClose }: { store: CallStore; onClose: () => void }) {
  const devices = useDevices();
  const of = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind);
  return (
    <Dialog title="Devices" onClose={onClose}>
      <div class="form">
        <Choice
          label="Camera"
          devices={of('videoinput')}
          chosen={store.media?.deviceOf('video')}
          onChoose={(id) => void store.useDevice('video', id)}
        />
        <Choice
          label="Microphone"
          devices={of('audioinput')}
          chosen={store.media?.deviceOf('audio')}
          onChoose={(id) => void store.useDevice('audio', id)}
        />
        {canChooseSpeaker() && (
          <Choice
            label="Speaker"
            devices={of('audiooutput')}
            chosen={store.speaker}
            onChoose={(id) => store.useSpeaker(id)}
          />
        )}
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  label: string;
  devices: MediaDeviceInfo[];
  chosen: string | undefined;
  onChoose: (deviceId: string) => void;
}

function Choice({ label, devices, chosen, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={chosen ?? devices[0]?.deviceId ?? ''}
        disabled={devices.length === 0}
        onChange={(e) => onChoose(e.currentTarget.value)}
      >
        {devices.length === 0 && <option value="">None found</option>}
        {devices.map((device, i) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${i + 1}`}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The devices that there are, also when one is plugged in. */
function useDevices(): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const look = () => void listDevices().then(setDevices);
    look();
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, []);
  return devices;
}
