import { element } from '../elements.js';
import { act } from './act.js';
import { counted, figure } from './figures.js';
import type { RebuildState } from './snapshot.js';

/** A rebuild of a projection: a button that begins or gives it up, and how far it is. */
export class RebuildView {
  readonly root = element('div', '', { class: 'rebuild' });
  readonly button = element('button', '', { type: 'button' });
  readonly #bar = element('progress');
  readonly #text = element('p');
  readonly #projection: string;
  #isBuilding = false;

  constructor(projection: string) {
    this.#projection = projection;
    this.#bar.setAttribute('aria-label', `Rebuild of ${projection}`);
    this.root.append(this.#text, this.#bar);
    this.button.addEventListener('click', () => void this.#toggle());
  }

  show(rebuild: RebuildState | null): void {
    this.#isBuilding = rebuild !== null;
    this.root.hidden = rebuild === null;
    this.button.textContent = rebuild === null ? 'Rebuild' : 'Cancel the rebuild';
    this.button.setAttribute('aria-label', `${this.button.textContent}: ${this.#projection}`);
    if (rebuild === null) return;
    const { generation, done, total, blockedBy } = rebuild;
    this.#bar.max = Math.max(1, total);
    this.#bar.value = done;
    const blocked =
      blockedBy === 0
        ? ''
        : ` It waits for ${counted(blockedBy, 'parked message')} that the serving copy does not have.`;
    this.#text.textContent = `Generation ${generation}: ${figure(done)} of ${counted(total, 'entry', 'entries')}; the old copy serves meanwhile.${blocked}`;
  }

  #toggle(): Promise<void> {
    const projection = this.#projection;
    return this.#isBuilding
      ? act({ action: 'cancel-rebuild', projection }, `The rebuild of ${projection} is given up.`)
      : act({ action: 'rebuild', projection }, `${projection} is being made again from the journal.`);
  }
}
