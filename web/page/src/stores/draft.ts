import { recall, remember } from '../storage.ts';
import { Store } from './store.ts';

/** What is being written in one room. It is kept until it is sent, also when the page is closed. */
export class Draft extends Store {
  text: string;
  readonly #key: string;

  constructor(userId: number, roomId: number) {
    super();
    this.#key = `draft.${userId}.${roomId}`;
    this.text = recall<string>(this.#key) ?? '';
  }

  write(text: string): void {
    this.text = text;
    remember(this.#key, text === '' ? undefined : text);
    this.changed();
  }
}
