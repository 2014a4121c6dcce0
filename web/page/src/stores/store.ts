/** Something that views look at: it tells those who subscribed when it has changed. */
export class Store {
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Calls the listener after each change, until the function it returns is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}
