import { type Account, ParleyError, signIn, signUp } from 'parley-client';
import { originRefused, refusesPage } from './reach.ts';
import { recall, remember } from './storage.ts';
import { Store } from './stores/store.ts';

interface Kept {
  token: string;
  user: Account;
}

/** What an address is told that is no account's. */
const strangers = new Set(['invalid_credentials', 'validation_error']);

/** Who is signed in on this browser. */
export class Session extends Store {
  readonly #server: string | undefined;
  /** A token is shown to the server that gave it, and to no other. */
  readonly #key: string;
  #kept: Kept | undefined;

  constructor(server: string | undefined) {
    super();
    this.#server = server;
    this.#key = server ? `session ${server}` : 'session';
    this.#kept = recall<Kept>(this.#key);
  }

  get token(): string | undefined {
    return this.#kept?.token;
  }

  get user(): Account | undefined {
    return this.#kept?.user;
  }

  async signIn(name: string, password: string): Promise<void> {
    const byName = () => signIn({ username: name, password }, this.#options());
    const byEither = () => this.#signInByEither(name, password, byName);
    this.#keep(await this.#reach(name.includes('@') ? byEither : byName));
  }

  async signUp(account: Parameters<typeof signUp>[0]): Promise<void> {
    this.#keep(await this.#reach(() => signUp(account, this.#options())));
  }

  /** The profile was changed. */
  update(user: Account): void {
    if (this.#kept) this.#keep({ ...this.#kept, user });
  }

  /** Forgets the token, which the caller has ended or the server has refused. */
  forget(): void {
    const old = this.token;
    const stored = recall<Kept>(this.#key);
    this.#keep(undefined);
    // Another tab has signed in anew meanwhile: that stays.
    if (stored?.token !== old) remember(this.#key, stored);
  }

  /** User names may hold an @ as e-mail addresses do: the address is tried first. */
  async #signInByEither(name: string, password: string, byName: () => Promise<Kept>): Promise<Kept> {
    try {
      return await signIn({ email: name, password }, this.#options());
    } catch (error) {
      if (error instanceof ParleyError && strangers.has(error.code)) return await byName();
      throw error;
    }
  }

  /** Asks the server; without an answer, finds out why. */
  async #reach<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const code = error instanceof ParleyError ? error.code : '';
      throw code === 'network' && this.#server && (await refusesPage(this.#server)) ? originRefused() : error;
    }
  }

  #options(): { server?: string } {
    return this.#server ? { server: this.#server } : {};
  }

  #keep(kept: Kept | undefined): void {
    this.#kept = kept;
    remember(this.#key, kept);
    this.changed();
  }
}
