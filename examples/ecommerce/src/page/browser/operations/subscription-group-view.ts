import { element } from '../elements.js';
import { act } from './act.js';
import { counted } from './figures.js';
import { KeyedList, type View } from './keyed-list.js';
import { RebuildView } from './rebuild-view.js';
import type { SubscriptionGroup, SubscriptionState } from './snapshot.js';
import { SubscriptionView } from './subscription-view.js';

/** A card: one subscription, or a projection with all its copies and what may be done with it. */
export class SubscriptionGroupView implements View<SubscriptionGroup> {
  readonly root = element('article', '', { class: 'card' });
  readonly #badge = element('span', '', { class: 'badge' });
  readonly #copies: KeyedList<SubscriptionState>;
  readonly #rebuild: RebuildView | undefined;
  readonly #fault = element('button', '', { type: 'button' });
  #isBroken = false;

  constructor(group: SubscriptionGroup) {
    const id = `group-${group.kind}-${group.name.replace(/\W/g, '-')}`;
    const heading = element('h3', group.name, { id, tabindex: '-1' });
    this.root.setAttribute('aria-labelledby', id);
    const top = element('div', '', { class: 'card-top' });
    top.append(heading, this.#badge);
    const copies = element('div', '', { class: 'copies' });
    this.#copies = new KeyedList({
      parent: copies,
      keyOf: ({ name }) => name,
      make: ({ name }) => new SubscriptionView(name, kinds[group.kind]),
      fallback: heading,
    });
    this.root.append(top, copies);
    if (group.kind !== 'projection') return;
    this.#rebuild = new RebuildView(group.name);
    this.#fault.addEventListener('click', () => void this.#toggleFault(group.name));
    const controls = element('div', '', { class: 'controls' });
    controls.append(this.#rebuild.button, this.#fault);
    this.root.append(this.#rebuild.root, controls);
  }

  show(group: SubscriptionGroup): void {
    this.#isBroken = group.isBroken;
    this.#copies.show(group.subscriptions);
    this.#rebuild?.show(group.rebuild);
    const { text, tone } = conditionOf(group);
    this.#badge.textContent = text;
    this.#badge.dataset.tone = tone;
    this.#fault.textContent = group.isBroken ? 'Mend it' : 'Break it';
    this.#fault.setAttribute('aria-label', `${this.#fault.textContent}: ${group.name}`);
    this.#fault.classList.toggle('danger', !group.isBroken);
  }

  #toggleFault(projection: string): Promise<void> {
    return this.#isBroken
      ? act({ action: 'mend', projection }, `${projection} works again. What is parked can be retried.`)
      : act({ action: 'break', projection }, `${projection} fails from now on: its messages park.`);
  }
}

const kinds: Readonly<Record<SubscriptionGroup['kind'], string>> = {
  projection: 'projection',
  'event-handler': 'event handler',
  commands: 'sent commands',
  relay: 'relay to the transport',
};

/** The worst that can be said of it. */
function conditionOf({ subscriptions, isBroken }: SubscriptionGroup): { text: string; tone: string } {
  const sum = (of: (one: SubscriptionState) => number) =>
    subscriptions.reduce((total, one) => total + of(one), 0);
  const stopped = sum(({ notRunning }) => notRunning.length);
  const parked = sum(({ parkedKeys }) => parkedKeys);
  const behind = Math.max(0, ...subscriptions.map(({ entriesBehind }) => entriesBehind));
  if (stopped > 0) return { text: `${counted(stopped, 'partition')} not running`, tone: 'bad' };
  if (isBroken) return { text: 'broken', tone: 'bad' };
  if (parked > 0) return { text: `${counted(parked, 'key')} parked`, tone: 'bad' };
  if (subscriptions.some(({ isPaused }) => isPaused)) return { text: 'paused', tone: 'held' };
  if (subscriptions.some(({ delayInMs }) => delayInMs > 0)) return { text: 'slowed down', tone: 'held' };
  return behind > 0 ? { text: 'catching up', tone: 'busy' } : { text: 'up to date', tone: 'good' };
}
