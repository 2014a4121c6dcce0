import { useState } from 'preact/hooks';
import { canShareScreen } from '../media.ts';
import type { CallStore } from '../stores/call.ts';
import { IconButton } from './button.tsx';
import { DevicesDialog } from './devices-dialog.tsx';

/** What one can do in a call. */
export function CallControls({ store }: { store: CallStore }) {
  const [devices, setDevices] = useState(false);
  const talking = store.media?.isOn('audio') ?? false;
  const filming = store.media?.isOn('video') ?? false;
  const sharing = store.screen !== undefined;
  return (
    <div class="controls" role="toolbar" aria-label="Call controls">
      <IconButton
        icon={talking ? 'microphone' : 'microphoneOff'}
        label={talking ? 'Mute microphone' : 'Unmute microphone'}
        class={talking ? 'control' : 'control control-off'}
        onClick={() => void store.toggle('audio')}
      />
      <IconButton
        icon={filming ? 'camera' : 'cameraOff'}
        label={filming ? 'Turn camera off' : 'Turn camera on'}
        class={filming ? 'control' : 'control control-off'}
        onClick={() => void store.toggle('video')}
      />
      {canShareScreen() && (
        <IconButton
          icon="screen"
          label={sharing ? 'Stop sharing' : 'Share screen'}
          class={sharing ? 'control control-on' : 'control'}
          onClick={() => (sharing ? store.stopScreen() : void store.shareScreen())}
        />
      )}
      <IconButton icon="devices" label="Devices" class="control" onClick={() => setDevices(true)} />
      <IconButton
        icon="chat"
        label={store.chatShown ? 'Hide chat' : 'Show chat'}
        class={store.chatShown ? 'control control-on' : 'control'}
        onClick={() => store.showChat(!store.chatShown)}
      />
      <IconButton icon="hangUp" label="Leave call" class="control control-leave" onClick={() => store.leave()} />
      {devices && <DevicesDialog store={store} onClose={() => setDevices(false)} />}
    </div>
  );
}
