/** What this browser remembers between visits. Where storage is forbidden, nothing is remembered and nothing breaks. */
export function remember(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`parley.${key}`);
    else localStorage.setItem(`parley.${key}`, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: this visit goes on without.
  }
}

/** What was remembered under the key, or undefined. The caller trusts its own earlier self only as far as T is checked by use. */
export function recall<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(`parley.${key}`);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
