import { element } from '../elements.js';
import { figure, seconds } from './figures.js';
import { partitionsOf } from './operator.js';
import type { PartitionDetail } from './snapshot.js';

const columns = ['Partition', 'Behind', 'Oldest', 'Checkpoint', 'Moved', 'Owner', 'Epoch', 'Parked keys'];

/** The partitions of a subscription, asked for while somebody looks. */
export class PartitionsView {
  readonly root = element('details');
  readonly #rows = element('tbody');
  readonly #note = element('p', '', { class: 'note' });
  readonly #subscription: string;
  #isAsking = false;

  constructor(subscription: string) {
    this.#subscription = subscription;
    const table = element('table', '', { class: 'figures' });
    const head = element('thead');
    const names = element('tr');
    names.append(...columns.map((name) => element('th', name, { scope: 'col' })));
    head.append(names);
    table.append(head, this.#rows);
    const label = `Partitions of ${subscription}`;
    const scroll = element('div', '', {
      class: 'scroll',
      role: 'region',
      'aria-label': label,
      tabindex: '0',
    });
    scroll.append(table);
    this.root.append(element('summary', 'Partitions'), this.#note, scroll);
    this.root.addEventListener('toggle', () => this.refresh());
  }

  /** Looks again, where it is open. */
  refresh(): void {
    if (!this.root.open || this.#isAsking) return;
    this.#isAsking = true;
    partitionsOf(this.#subscription)
      .then((partitions) => this.#show(partitions))
      .catch((error: Error) => {
        this.#note.textContent = error.message;
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  #show(partitions: readonly PartitionDetail[]): void {
    const owners = new Set(partitions.map(({ owner }) => owner).filter((owner) => owner !== null));
    this.#note.textContent = `${partitions.length} partitions, owned by ${owners.size === 1 ? 'one process' : `${owners.size} processes`}.`;
    this.#rows.replaceChildren(...partitions.map(rowOf));
  }
}

function rowOf(detail: PartitionDetail): HTMLElement {
  const { partition, entriesBehind, secondsBehind, checkpoint, checkpointAgeInMs, owner, epoch, parkedKeys } =
    detail;
  const row = element('tr');
  row.append(
    element('th', partition === -1 ? 'all' : String(partition), { scope: 'row' }),
    element('td', figure(entriesBehind)),
    element('td', entriesBehind === 0 ? '–' : seconds(secondsBehind)),
    element('td', checkpoint === null ? 'at the beginning' : shortened(checkpoint), {
      title: checkpoint ?? '',
    }),
    element('td', checkpointAgeInMs === null ? '–' : `${seconds(checkpointAgeInMs / 1_000)} ago`),
    element('td', owner === null ? 'nobody' : shortened(owner), { title: owner ?? '' }),
    element('td', String(epoch)),
    element('td', figure(parkedKeys)),
  );
  return row;
}

/** The end of a long name, where names differ. */
function shortened(text: string): string {
  const trimmed = text.replace(/^0+/, '');
  return trimmed.length <= 10 ? trimmed : `…${trimmed.slice(-8)}`;
}
