import { byId, element } from '../elements.js';
import { KeyedList } from './keyed-list.js';
import type { MessageTotal, OperationsSnapshot } from './snapshot.js';

const whole = new Intl.NumberFormat('en-GB');

const kinds: Readonly<Record<string, string>> = {
  command: 'command handled',
  query: 'query answered',
  event: 'event handled',
  'journal event': 'event committed',
  'journal command': 'command committed',
};

/** What happened since the start, in all and by message. */
export class Totals {
  readonly #sums: ReadonlyMap<string, HTMLElement>;
  readonly #messages: KeyedList<MessageTotal>;

  constructor() {
    const names = [
      'Journal entries',
      'Events committed',
      'Commands sent on',
      'Commands handled',
      'Queries answered',
    ];
    this.#sums = new Map(names.map((name) => [name, element('dd', '–')]));
    for (const [name, value] of this.#sums) {
      const pair = element('div');
      pair.append(element('dt', name), value);
      byId('totals').append(pair);
    }
    this.#messages = new KeyedList({
      parent: byId('messages'),
      keyOf: ({ kind, name }) => `${kind} ${name}`,
      make: rowOf,
    });
  }

  show({ messages, journal }: OperationsSnapshot): void {
    const sum = (wanted: string) =>
      messages.filter(({ kind }) => kind === wanted).reduce((total, { ok }) => total + ok, 0);
    this.#set('Journal entries', journal.entries);
    this.#set('Events committed', sum('journal event'));
    this.#set('Commands sent on', sum('journal command'));
    this.#set('Commands handled', sum('command'));
    this.#set('Queries answered', sum('query'));
    this.#messages.show(messages);
  }

  #set(name: string, value: number): void {
    const place = this.#sums.get(name);
    const text = whole.format(value);
    if (place !== undefined && place.textContent !== text) place.textContent = text;
  }
}

function rowOf({ kind, name }: MessageTotal) {
  const root = element('tr');
  const ok = element('td');
  const refused = element('td');
  root.append(element('th', name, { scope: 'row' }), element('td', kinds[kind] ?? kind), ok, refused);
  return {
    root,
    show(total: MessageTotal) {
      ok.textContent = whole.format(total.ok);
      refused.textContent = kind.startsWith('journal') ? '–' : whole.format(total.refused);
    },
  };
}
