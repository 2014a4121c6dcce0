import type { Engine } from './engine.ts';
/** Something to ask over HTTP. */
export interface HttpRequest {
    method?: string;
    body?: object;
    query?: Record<string, string | number | undefined>;
}
/** The server's address: an origin, or what it is served under. By default the page's own origin. */
export declare function serverUrl(server: string | URL | undefined): URL;
/** The server's REST API, as one user or as nobody. */
export declare class Http {
    #private;
    constructor(server: URL, engine: Engine, token?: string);
    /** Resolves with the answer's body. Rejects with a ParleyError. */
    request<T>(path: string, { method, body, query }?: HttpRequest): Promise<T>;
}
