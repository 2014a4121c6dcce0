import { ParleyError } from 'parley-client';

/** What the server's and the library's codes mean to somebody who only wants to talk. */
const codes: Record<string, string> = {
  network: 'The server cannot be reached. Check your connection, then try again.',
  origin_refused:
    'This server does not let pages from this address in. Whoever runs it must allow it (http.allowed_origins).',
  closed: 'The connection ended before this was done. Try again.',
  invalid_credentials: 'The user name or the password is wrong. Try again.',
  unauthenticated: 'You have been signed out. Sign in again.',
  permission_denied: 'You are not allowed to do that here.',
  not_found: 'There is nothing here, or it is not open to you.',
  conflict: 'That is not possible the way things are now.',
  payload_too_large: 'That is too long to send. Shorten it, then try again.',
  message_too_long: 'This message is too long. Shorten it or send it in parts.',
  rate_limited: 'That was a little too often. Wait a moment, then try again.',
  unavailable: 'The server is busy right now. Try again in a moment.',
  internal: 'Something went wrong on the server. Try again in a moment.',
  room_full: 'This call is full. Try again when somebody has left.',
  too_many_subscriptions: 'Too many rooms are open. Reload the page, then try again.',
};

/** What people call the fields that a validation error may name. */
const fields: Record<string, string> = {
  username: 'User name',
  email: 'E-mail',
  password: 'Password',
  display_name: 'Display name',
  name: 'Name',
  content: 'Message',
};

/** A sentence or two about a failure: what happened, and what to do. `own` overrides codes where the place knows better. */
export function words(error: unknown, own: Record<string, string> = {}): string {
  if (error instanceof ParleyError) {
    const named = error.fields.map(({ field, message }) => ofField(fields[field] ?? field, message)).join(' ');
    if (error.code === 'network' && !navigator.onLine) return offline;
    return own[error.code] ?? (named || (codes[error.code] ?? sentence(error.message)));
  }
  // A fault of the page's own: for those who look at its console.
  reportError(error);
  return 'Something went wrong. Reload the page, then try again.';
}

const offline = 'This device is offline. Connect it, then try again.';

/** What the server says of a field goes on its name, or does not. */
function ofField(name: string, message: string): string {
  return `${name}${/^(is|has|must) /.test(message) ? '' : ':'} ${message}.`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'Something went wrong. Try again.';
  return `${trimmed.charAt(0).toLocaleUpperCase()}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? '' : '.'}`;
}

/** What a call wanted and did not get. */
export type Device = 'camera' | 'microphone' | 'camera and microphone' | 'screen';

/** Why a device could not be had (a DOMException of getUserMedia or getDisplayMedia), and what to do. */
export function deviceWords(what: Device, error: unknown): string {
  const them = what === 'camera and microphone' ? 'them' : 'it';
  const none = what === 'camera and microphone' ? 'no camera or microphone' : `no ${what}`;
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return what === 'screen'
        ? 'Your browser was told not to share the screen. Press “Share screen” to choose again.'
        : `Your browser was told not to give the ${what}. Allow ${them} in the address bar, then try again.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `Your browser found ${none}. Plug one in or choose another, then try again.`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${what} did not start. Close other programs that may use ${them}, then try again.`;
    case 'SecurityError':
      return `Browsers give the ${what} only to pages opened over https. Open this page by its https address.`;
    default:
      return `The ${what} did not start. Try again.`;
  }
}

/** A device that stopped by itself. */
export function lostDevice(what: 'camera' | 'microphone'): string {
  return `The ${what} has stopped, and the others ${what === 'camera' ? 'see' : 'hear'} you no more. See whether it is plugged in, then switch it on again.`;
}

/** Why a call is over, if not by one's own wish. */
export const callEnded: Record<string, string> = {
  replaced: 'You joined this call from another window or device, so it ended here.',
  removed: 'The call ended here: you are no longer in this room.',
  room_deleted: 'The call ended: the room was deleted.',
  signed_out: 'The call ended: you were signed out.',
  refused: 'The server ended the call. Try to join again.',
};

/** Why a room is closed to the user, by close code. */
export const roomEnded: Record<number, string> = {
  4403: 'You are no longer in this room.',
  4410: 'This room was deleted.',
};

/** What the server does without for the time. */
export const degraded: Record<string, string> = {
  cluster: 'Some people may be out of reach for the moment.',
  store: 'Messages cannot be stored for the moment. Calls go on.',
};

/** Signing out did not reach the server. */
export const signOutUntold =
  'You are signed out on this device. The server could not be told, so this sign-in has not ended there yet.';
