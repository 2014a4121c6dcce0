import { type Engine } from './engine.ts';
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
export declare function signUp(account: {
    username: string;
    email: string;
    password: string;
    display_name?: string;
}, options?: SignOptions): Promise<Login>;
/** Signs in. Rejects with `invalid_credentials`. */
export declare function signIn(who: {
    username?: string;
    email?: string;
    password: string;
}, options?: SignOptions): Promise<Login>;
