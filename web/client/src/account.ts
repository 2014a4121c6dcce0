import { type Engine, engineWith } from './engine.ts';
import { Http, serverUrl } from './http.ts';
import type { Account } from './wire.ts';

/** Where to sign in or up. */
export interface SignOptions {
  /** The server's http(s) address; by default the page's own origin. */
  server?: string | URL;
  /** For tests, and where there is no browser. */
  engine?: Partial<Engine>;
}

/** What signing in or up brings: a token to `connect` with, which lives until it is signed out. */
export interface Login {
  token: string;
  user: Account;
}

/** Makes an account. Rejects with `validation_error`, whose `fields` tell what is wrong, or taken. */
export function signUp(
  account: { username: string; email: string; password: string; display_name?: string },
  options?: SignOptions,
): Promise<Login> {
  return http(options).request('api/auth/register/', { method: 'POST', body: account });
}

/** Signs in. Rejects with `invalid_credentials`. */
export function signIn(
  who: { username?: string; email?: string; password: string },
  options?: SignOptions,
): Promise<Login> {
  return http(options).request('api/auth/login/', { method: 'POST', body: who });
}

const http = ({ server, engine }: SignOptions = {}) => new Http(serverUrl(server), engineWith(engine));
