/** What `config.json` beside the page may say. Missing or `{}`: the page's own origin is the server. */
export interface Config {
  /** http(s) address of the server. */
  server?: string;
  iceTransportPolicy?: RTCIceTransportPolicy;
}

/** Reads config.json. A file that is missing or no JSON object means the defaults; rejects with what the file has wrong. */
export async function loadConfig(): Promise<Config> {
  const read = await readObject('./config.json');
  const config: Config = {};
  if (typeof read.server === 'string' && read.server !== '') config.server = serverOf(read.server);
  if (read.iceTransportPolicy === 'relay') config.iceTransportPolicy = 'relay';
  return config;
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  try {
    const answer = await fetch(file, { cache: 'no-cache' });
    const read: unknown = answer.ok ? await answer.json() : {};
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function serverOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Error(`config.json: server is “${text}”, and should be an address such as https://chat.example.com`);
  }
  return text;
}
