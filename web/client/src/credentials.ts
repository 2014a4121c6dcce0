import type { Api } from './rest.ts';

/** What shows the server, on one socket, who one is. */
export interface Credential {
  query: Record<string, string>;
  protocols: string[];
}

/** Where a credential comes from, for each socket anew. Rejects with a ParleyError. */
export type Credentials = () => Promise<Credential>;

/** One-time tickets: what stands in a URL is worth nothing once it was used. */
export function ticketCredentials(api: Api): Credentials {
  return async () => ({ query: { ticket: (await api.ticket()).ticket }, protocols: ['parley.v1'] });
}

/** The token itself, as a subprotocol: browsers cannot send headers with a WebSocket. */
export function tokenCredentials(token: string): Credentials {
  return async () => ({ query: {}, protocols: ['parley.v1', `parley.token.${token}`] });
}
