import { element } from '../elements.js';
import { act } from './act.js';
import { Chart } from './chart.js';
import { counted, seconds } from './figures.js';
import type { View } from './keyed-list.js';
import { PartitionsView } from './partitions-view.js';
import type { Sample } from './scale.js';
import type { SubscriptionState } from './snapshot.js';

const delaysInMs = [0, 1_000, 5_000, 30_000];
const kept = 120;

/** One subscription: how far it is behind, now and during the last two minutes, and what holds it. */
export class SubscriptionView implements View<SubscriptionState> {
  readonly root = element('div', '', { class: 'subscription' });
  readonly #kind: string;
  readonly #chart: Chart;
  readonly #behind = element('p', '', { class: 'behind' });
  readonly #copy = element('span', '', { class: 'copy' });
  readonly #trouble = element('p', '', { class: 'fault' });
  readonly #pause = element('button', '', { type: 'button' });
  readonly #delay = element('select');
  readonly #partitions: PartitionsView;
  #isPaused = false;
  #samples: readonly Sample[] = [];

  constructor(name: string, kind: string) {
    this.#kind = kind;
    this.#chart = new Chart({
      title: `${name} behind`,
      series: ['oldest event'],
      format: seconds,
      isSmall: true,
    });
    this.#partitions = new PartitionsView(name);
    const title = element('p', '', { class: 'subscription-name' });
    title.append(element('code', name), ' ', this.#copy);
    this.root.append(title, this.#behind, this.#chart.root, this.#trouble);
    this.root.append(this.#controls(name), this.#partitions.root);
    this.#pause.addEventListener('click', () => void this.#togglePause(name));
  }

  show(state: SubscriptionState): void {
    this.#isPaused = state.isPaused;
    const { entriesBehind, secondsBehind, copy, delayInMs } = state;
    this.#behind.textContent =
      entriesBehind === 0
        ? 'Nothing behind'
        : `${counted(entriesBehind, 'entry', 'entries')} behind, ${seconds(secondsBehind)}`;
    this.#copy.textContent = copy ?? this.#kind;
    this.#samples = [...this.#samples, { at: Date.now() / 1_000, values: [secondsBehind] }].slice(-kept);
    this.#chart.show(this.#samples);
    this.#pause.textContent = state.isPaused ? 'Resume' : 'Pause';
    if (document.activeElement !== this.#delay) this.#delay.value = String(delayInMs);
    this.#trouble.textContent = troubleOf(state);
    this.#partitions.refresh();
  }

  #controls(name: string): HTMLElement {
    const controls = element('div', '', { class: 'controls' });
    const id = `delay-${name.replace(/\W/g, '-')}`;
    this.#delay.id = id;
    this.#delay.append(
      ...delaysInMs.map((ms) =>
        element('option', ms === 0 ? 'not' : `by ${ms / 1_000} s`, { value: String(ms) }),
      ),
    );
    this.#delay.addEventListener('change', () => {
      const ms = Number(this.#delay.value);
      const done =
        ms === 0 ? `${name} is no longer slowed down.` : `${name} holds entries back for ${ms / 1_000} s.`;
      void act({ action: 'delay', subscription: name, ms }, done);
    });
    const slow = element('span', '', { class: 'field' });
    slow.append(element('label', 'Slow down', { for: id }), this.#delay);
    controls.append(this.#pause, slow);
    return controls;
  }

  #togglePause(subscription: string): Promise<void> {
    return this.#isPaused
      ? act({ action: 'resume', subscription }, `${subscription} goes on.`)
      : act({ action: 'pause', subscription }, `${subscription} is paused.`);
  }
}

function troubleOf({ notRunning: [first, ...others] }: SubscriptionState): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return `Partition ${first.partition} is ${first.state}: ${first.error}${more}`;
}
