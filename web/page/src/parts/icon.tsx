/** Drawn on a grid of 24 by 24, with a pen of 2. */
const paths = {
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20.5a2.2 2.2 0 0 0 4 0',
  camera: 'M3 8a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM15 10.5l6-3.5v10l-6-3.5',
  cameraOff: 'M10 6h3a2 2 0 0 1 2 2v3l6-4v10l-3-2M15 15v1a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 1-1.7M3 3l18 18',
  chat: 'M4 6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4a2 2 0 0 1-2-2z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2',
  devices: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4',
  hangUp:
    'M4.5 17.3l2.7 1.7 2.7-3.2-.6-3a9 9 0 0 1 5.4 0l-.6 3 2.7 3.2 2.7-1.700c.8-.5 1-1.5.6-2.3-3.6-6.5-12.6-6.5-16.2 0-.4.8-.2 1.8.6 2.3',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3M5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  microphoneOff:
    'M9 9v2a3 3 0 0 0 4.6 2.5M15 10V6a3 3 0 0 0-5.7-1.3M5.5 11a6.5 6.5 0 0 0 10 5.5M18.5 11a6.5 6.5 0 0 1-.8 3M12 17.5V21M3 3l18 18',
  missed:
    'M5 4h4l1.5 4.5-2.3 1.7a12 12 0 0 0 5.6 5.6l1.7-2.3L20 15v4a1.5 1.5 0 0 1-1.6 1.5C10.5 20 4 13.5 3.5 5.6A1.5 1.5 0 0 1 5 4M15 4l5 5M20 4l-5 5',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .7 3.5 2.5 3.5 5.2',
  phone:
    'M5 4h4l1.5 4.5-2.3 1.7a12 12 0 0 0 5.6 5.6l1.7-2.3L20 15v4a1.5 1.5 0 0 1-1.6 1.5C10.5 20 4 13.5 3.5 5.6A1.5 1.5 0 0 1 5 4',
  plus: 'M12 5v14M5 12h14',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4M12 13V8.5M9.5 10.5L12 8l2.5 2.5',
  send: 'M12 19V5.5M6 11l6-6 6 6',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a text or a label: it says nothing to screen readers itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The sign of Parley: two speech bubbles that meet. */
export function Sign() {
  return (
    <svg class="sign" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="sign-back" d="M12 4h13a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4v5l-5-5h-8a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z" />
      <path class="sign-front" d="M7 11h11a4 4 0 0 1 4 4v5a4 4 0 0 1-4 4h-6l-5 5v-5a4 4 0 0 1-4-4v-5a4 4 0 0 1 4-4z" />
    </svg>
  );
}
