import { recall, remember } from './storage.ts';
import { Store } from './stores/store.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** Light or dark, as the system says or as the user chose. */
export class Theme extends Store {
  choice: ThemeChoice = recall<ThemeChoice>('theme') ?? 'system';

  constructor() {
    super();
    this.#show();
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    remember('theme', choice === 'system' ? undefined : choice);
    this.#show();
    this.changed();
  }

  #show(): void {
    document.documentElement.dataset.theme = this.choice;
  }
}
