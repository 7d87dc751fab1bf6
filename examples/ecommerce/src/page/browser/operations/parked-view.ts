import { byId, element } from '../elements.js';
import { act } from './act.js';
import { counted } from './figures.js';
import { KeyedList, type View } from './keyed-list.js';
import type { ParkedAddressed, ParkedHead, SubscriptionGroup, SubscriptionState } from './snapshot.js';

/** All parked messages that the shop tells of, and a button for each subscription that has some. */
export class ParkedList {
  readonly #heads = new KeyedList<ParkedHead>({
    parent: byId('parked'),
    keyOf: (head) => JSON.stringify(addressOf(head)),
    make: (head) => new ParkedView(head),
    fallback: byId('parked-heading'),
  });
  readonly #subscriptions = new KeyedList<SubscriptionState>({
    parent: byId('parked-in'),
    keyOf: ({ name }) => name,
    make: retryAllButton,
    fallback: byId('parked-heading'),
  });

  show(parked: readonly ParkedHead[], groups: readonly SubscriptionGroup[]): void {
    const all = groups.flatMap(({ subscriptions }) => subscriptions).filter((one) => one.parkedKeys > 0);
    const keys = all.reduce((sum, { parkedKeys }) => sum + parkedKeys, 0);
    this.#heads.show(parked);
    this.#subscriptions.show(all);
    byId('parked-none').hidden = parked.length > 0;
    byId('parked-more').textContent = keys > parked.length ? `The first ${parked.length} of ${keys}.` : '';
  }
}

function retryAllButton({ name }: SubscriptionState): View<SubscriptionState> {
  const root = element('button', '', { type: 'button' });
  root.addEventListener('click', () => {
    void act({ action: 'retry-all', subscription: name }, `What ${name} has parked is tried again.`);
  });
  return {
    root,
    show({ parkedKeys }) {
      root.textContent = `Retry all of ${name} (${counted(parkedKeys, 'key')})`;
    },
  };
}

class ParkedView implements View<ParkedHead> {
  readonly root = element('li');
  readonly #failure = element('p', '', { class: 'failure' });
  readonly #state = element('p', '', { class: 'note' });

  constructor(head: ParkedHead) {
    const { subscription, message } = head;
    const key = head.key === '' ? 'a whole partition' : head.key.replace(/^default\//, '');
    const parts = [
      element('strong', message),
      ' for ',
      element('code', key),
      ' in ',
      element('code', subscription),
    ];
    const what = `${message} for ${key}`;
    const controls = [retryButton(head, what), discardButton(head, what)];
    this.root.append(
      element('p', parts, { class: 'parked-title' }),
      this.#failure,
      this.#state,
      element('div', controls, { class: 'controls' }),
    );
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

function retryButton(head: ParkedHead, what: string): HTMLButtonElement {
  const retry = button('Retry', what, head);
  retry.addEventListener('click', () => {
    void act({ action: 'retry', ...addressOf(head) }, `${what} is tried again.`);
  });
  return retry;
}

function discardButton(head: ParkedHead, what: string): HTMLButtonElement {
  const discard = button('Discard', what, head);
  discard.classList.add('danger');
  discard.addEventListener('click', () => {
    const isMeant = confirm(
      `Drop ${what}? ${head.subscription} will never apply it, not in rebuilds either.`,
    );
    if (isMeant) void act({ action: 'discard', ...addressOf(head) }, `${what} is discarded.`);
  });
  return discard;
}

function button(text: string, what: string, { subscription }: ParkedHead): HTMLButtonElement {
  return element('button', text, { type: 'button', 'aria-label': `${text}: ${what} in ${subscription}` });
}

function addressOf({ subscription, partition, key, position }: ParkedHead): ParkedAddressed {
  return { subscription, partition, key, position };
}

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}
