import { Store } from './stores/store.ts';

/** A short word to the user. An alert stays until it is dismissed, information goes by itself. */
export interface Notice {
  id: number;
  kind: 'alert' | 'info';
  text: string;
}

/** How long information is shown, in ms: long enough to read twice. */
const shownFor = 6_000;

/** The notices on the page, oldest first. */
export class Notices extends Store {
  list: Notice[] = [];
  #nextId = 1;

  alert(text: string): void {
    this.#add('alert', text);
  }

  info(text: string): void {
    const id = this.#add('info', text);
    setTimeout(() => this.dismiss(id), shownFor);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((n) => n.id !== id);
    this.changed();
  }

  /** What was told does not matter any more. */
  clear(): void {
    this.list = [];
    this.changed();
  }

  #add(kind: Notice['kind'], text: string): number {
    const id = this.#nextId++;
    // The same words twice are one notice: the newer, which screen readers say again.
    this.list = [...this.list.filter((n) => n.text !== text), { id, kind, text }].slice(-3);
    this.changed();
    return id;
  }
}
