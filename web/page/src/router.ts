import { Store } from './stores/store.ts';

export type Route = { name: 'home' } | { name: 'room'; id: number } | { name: 'join'; id: number } | { name: 'missed' };

/** Reads what stands behind the # of an address. What it does not know is home. */
export function parseRoute(hash: string): Route {
  const [, name, id] = /^#?\/?(rooms|join|missed)(?:\/(\d{1,16}))?\/?$/.exec(hash) ?? [];
  if (name === 'missed') return { name };
  if (name === 'rooms' && id) return { name: 'room', id: Number(id) };
  if (name === 'join' && id) return { name: 'join', id: Number(id) };
  return { name: 'home' };
}

export function href(route: Route): string {
  switch (route.name) {
    case 'room':
      return `#/rooms/${route.id}`;
    case 'join':
      return `#/join/${route.id}`;
    case 'missed':
      return '#/missed';
    case 'home':
      return '#/';
  }
}

/** The link that lets others join a room. */
export function inviteLink(roomId: number): string {
  return new URL(href({ name: 'join', id: roomId }), location.href).href;
}

/** The room that a number or a link (to join or to the room) names. */
export function parseInvite(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,16}$/.test(trimmed)) return Number(trimmed);
  const route = parseRoute(trimmed.slice(Math.max(trimmed.indexOf('#'), 0)));
  return route.name === 'join' || route.name === 'room' ? route.id : undefined;
}

/** Where the user is. Routes live in the hash, so that the page can lie in any folder of any server. */
export class Router extends Store {
  route: Route = parseRoute(location.hash);

  constructor() {
    super();
    addEventListener('hashchange', () => this.#read());
  }

  go(route: Route, options: { replace?: boolean } = {}): void {
    if (options.replace) location.replace(href(route));
    else location.hash = href(route);
    // The event comes later: whoever asks before knows where the user is, too.
    this.#read();
  }

  #read(): void {
    this.route = parseRoute(location.hash);
    this.changed();
  }
}
