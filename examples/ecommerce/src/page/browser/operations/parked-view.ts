import { byId, element } from '../elements.js';
import type { Console } from './console.js';
import { counted } from './figures.js';
import { KeyedList, type View } from './keyed-list.js';
import type { OperatorAction, ParkedHead, SubscriptionGroup } from './snapshot.js';

/** All parked messages that the shop tells of. */
export class ParkedList {
  readonly #list: KeyedList<ParkedHead>;

  constructor(console: Console) {
    this.#list = new KeyedList({
      parent: byId('parked'),
      keyOf: ({ subscription, partition, key, position }) =>
        JSON.stringify([subscription, partition, key, position]),
      make: (head) => new ParkedView(head, console),
      fallback: byId('parked-heading'),
    });
  }

  show(parked: readonly ParkedHead[], groups: readonly SubscriptionGroup[]): void {
    const keys = groups
      .flatMap(({ subscriptions }) => subscriptions)
      .reduce((sum, { parkedKeys }) => sum + parkedKeys, 0);
    this.#list.show(parked);
    byId('parked-none').hidden = parked.length > 0;
    byId('parked-more').textContent =
      keys > parked.length && parked.length > 0 ? `The first ${parked.length} of ${keys}.` : '';
  }
}

class ParkedView implements View<ParkedHead> {
  readonly root = element('li');
  readonly #failure = element('p', '', { class: 'failure' });
  readonly #state = element('p', '', { class: 'note' });

  constructor(head: ParkedHead, console: Console) {
    const { subscription, partition, key, position, message } = head;
    const shownKey = key === '' ? 'a whole partition' : key.replace(/^default\//, '');
    const title = element('p', '', { class: 'parked-title' });
    title.append(
      element('strong', message),
      ' for ',
      element('code', shownKey),
      ' in ',
      element('code', subscription),
    );
    const at = { subscription, partition, key, position };
    const act = (action: OperatorAction, done: string) => () => void console.act(action, done);
    const retry = button('Retry', `${message} for ${shownKey} in ${subscription}`);
    retry.addEventListener(
      'click',
      act({ action: 'retry', ...at }, `${message} for ${shownKey} is tried again.`),
    );
    const discard = button('Discard', `${message} for ${shownKey} in ${subscription}`);
    discard.classList.add('danger');
    discard.addEventListener('click', () => {
      if (
        !confirm(`Drop ${message} for ${shownKey}? ${subscription} will never apply it, in rebuilds neither.`)
      )
        return;
      act({ action: 'discard', ...at }, `${message} for ${shownKey} is discarded.`)();
    });
    const controls = element('div', '', { class: 'controls' });
    controls.append(retry, discard);
    this.root.append(title, this.#failure, this.#state, controls);
  }

  show({ code, failure, attempts, waiting, state, dueAt, parkedAt }: ParkedHead): void {
    this.#failure.textContent = `${failure} (${code}, ${counted(attempts, 'attempt')})`;
    const behind =
      waiting === 0 ? '' : ` ${counted(waiting, 'message')} of the same key wait behind it, in order.`;
    const due = dueAt === null ? '' : ` Tried again by itself at ${timeOf(dueAt)}.`;
    this.#state.textContent = `${states[state] ?? state} Parked at ${timeOf(parkedAt)}.${due}${behind}`;
  }
}

const states: Readonly<Record<string, string>> = {
  held: 'Waits for an operator.',
  delayed: 'Waits for its next try.',
  ready: 'Is about to be tried again.',
  discarding: 'Is about to be dropped.',
};

function button(text: string, about: string): HTMLButtonElement {
  return element('button', text, { type: 'button', 'aria-label': `${text}: ${about}` });
}

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString();
}
