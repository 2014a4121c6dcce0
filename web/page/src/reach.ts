import { ParleyError } from 'parley-client';

/** How long a server may take to show that it is there, in ms. */
const patience = 5_000;

/**
 * Whether a server of another origin is there but does not let this page read its answers: it must name the page's origin
 * (`http.allowed_origins`). Browsers do not tell a page so; that an answer comes which may not be read, does.
 */
export async function refusesPage(server: string): Promise<boolean> {
  try {
    const url = new URL('api/openapi.json', withSlash(server));
    await fetch(url, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  }
}

/** The failure that it then was. */
export function originRefused(): ParleyError {
  return new ParleyError({ code: 'origin_refused', message: 'the server does not let pages of this origin in' });
}

function withSlash(server: string): string {
  return server.endsWith('/') ? server : `${server}/`;
}
