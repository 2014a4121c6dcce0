/** Who listens to what: the base of everything that has events. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Calls `listener` at each `event` from now on. Returns a function that ends it. */
  on<K extends keyof Events>(event: K, listener: (e: Events[K]) => void): () => void {
    const own = (e: Events[K]) => listener(e); // the same function may listen twice
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(own));
    return () => void listeners.delete(own);
  }

  /** Tells the listeners, in the order in which they came. What one of them throws is reported and stops no other. */
  protected emit<K extends keyof Events>(event: K, e: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as ((e: Events[K]) => void)[]) {
      try {
        listener(e);
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}
