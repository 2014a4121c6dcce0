import type { Engine } from './engine.ts';
import { type FieldError, ParleyError } from './errors.ts';

/** How long an answer may take, in milliseconds. */
const patience = 30e3;

/** An answer that is not as good: application/problem+json (RFC 9457). */
interface ProblemJson {
  title?: string;
  detail?: string;
  code?: string;
  errors?: FieldError[];
}

/** Something to ask over HTTP. */
export interface HttpRequest {
  method?: string;
  body?: object;
  query?: Record<string, string | number | undefined>;
}

/** The server's address: an origin, or what it is served under. By default the page's own origin. */
export function serverUrl(server: string | URL | undefined): URL {
  const url = new URL(server ?? globalThis.location.origin);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** The server's REST API, as one user or as nobody. */
export class Http {
  readonly #server: URL;
  readonly #engine: Engine;
  readonly #token: string | undefined;

  constructor(server: URL, engine: Engine, token?: string) {
    this.#server = server;
    this.#engine = engine;
    this.#token = token;
  }

  /** Resolves with the answer's body. Rejects with a ParleyError. */
  async request<T>(path: string, { method = 'GET', body, query = {} }: HttpRequest = {}): Promise<T> {
    const url = new URL(path, this.#server);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = {};
    if (this.#token) headers.Authorization = `Token ${this.#token}`;
    if (body) headers['Content-Type'] = 'application/json';
    const late = new AbortController();
    const intime = this.#engine.after(patience, () => late.abort());
    try {
      const json = body && { body: JSON.stringify(body) };
      const answer = await this.#engine.fetch(url, { method, headers, signal: late.signal, ...json });
      if (!answer.ok) throw await refusal(answer);
      return answer.status === 204 ? (undefined as T) : await answer.json();
    } catch (e) {
      throw e instanceof ParleyError ? e : new ParleyError({ code: 'network', message: 'no answer', temporary: true });
    } finally {
      intime();
    }
  }
}

async function refusal(answer: Response): Promise<ParleyError> {
  const { status, statusText } = answer;
  const problem: ProblemJson = await answer.json().catch(() => ({})); // a proxy's, say
  const retryAfter = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  return new ParleyError({
    code: problem.code ?? (status >= 500 ? 'unavailable' : 'internal'),
    message: problem.detail ?? problem.title ?? statusText,
    temporary: status === 429 || status >= 500,
    status,
    ...(problem.errors && { fields: problem.errors }),
    ...(Number.isFinite(retryAfter) && { retryAfterMs: retryAfter * 1000 }),
  });
}
