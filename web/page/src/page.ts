import { ParleyError } from 'parley-client';
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer } from 'preact/hooks';
import type { Config } from './config.ts';
import { Desk } from './desk.ts';
import { Notices } from './notices.ts';
import { Router } from './router.ts';
import { Session } from './session.ts';
import { Store } from './stores/store.ts';
import { Theme } from './theme.ts';
import { Tone } from './tone.ts';
import { signOutUntold } from './words.ts';

/** The page as a whole: what there is whether somebody is signed in or not. */
export class Page extends Store {
  readonly config: Config;
  readonly router = new Router();
  readonly theme = new Theme();
  readonly notices = new Notices();
  readonly tone = new Tone();
  readonly session: Session;
  desk: Desk | undefined;
  #token: string | undefined;

  constructor(config: Config) {
    super();
    this.config = config;
    this.session = new Session(config.server);
    this.session.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Ends this login: here at once, then on the server. */
  async signOut(): Promise<void> {
    const api = this.desk?.parley.api;
    this.notices.clear();
    this.session.forget();
    this.router.go({ name: 'home' });
    await api?.signOut().catch((error) => {
      const ended = error instanceof ParleyError && error.code === 'unauthenticated';
      if (!ended) this.notices.alert(signOutUntold);
    });
  }

  /** A desk for who is signed in, none for who is not. */
  #follow(): void {
    const { token, user } = this.session;
    if (token !== this.#token) {
      this.#token = token;
      this.desk?.close();
      this.desk = token && user ? new Desk(token, user.id, this) : undefined;
      this.desk?.parley.on('signedOut', () => {
        if (this.session.token !== token) return;
        this.session.forget();
        this.notices.alert('You have been signed out. Sign in again.');
      });
    }
    this.changed();
  }
}

const PageContext = createContext<Page | undefined>(undefined);
export const PageProvider = PageContext.Provider;

/** The page that the view is in. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('a view outside of the page');
  return page;
}

/** The desk of who is signed in. For views that only they see. */
export function useDesk(): Desk {
  const { desk } = usePage();
  if (!desk) throw new Error('a view that needs a signed-in user');
  return desk;
}

/** Draws the view again when the store has changed. */
export function useStore<S extends Store | undefined>(store: S): S {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const drawn = store?.version;
  useLayoutEffect(() => {
    // It may have changed between drawing and subscribing.
    if (store?.version !== drawn) redraw();
    return store?.subscribe(() => redraw());
  }, [store]);
  return store;
}
