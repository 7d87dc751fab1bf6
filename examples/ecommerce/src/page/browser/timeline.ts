import { element, time } from './elements.js';

export interface Timeline {
  readonly entries: readonly {
    readonly event: string;
    readonly at: string;
    readonly by: string;
    readonly note: string;
  }[];
}

const names: Readonly<Record<string, string>> = {
  'shop.OrderPlaced': 'Placed',
  'shop.OrderPaid': 'Paid',
  'shop.OrderShipped': 'Shipped',
  'shop.OrderCancelled': 'Cancelled',
  'shop.GoodsReturned': 'Goods returned',
};

/** What happened, the first thing first. */
export function timelineItems(timeline: Timeline | null): readonly HTMLElement[] {
  return (timeline?.entries ?? []).map(({ event, at, by, note }) =>
    element('li', [
      element('strong', names[event] ?? event),
      ...(note === '' ? [] : [element('span', note, { class: 'note' })]),
      element('span', [time(at), ` · by ${by}`], { class: 'quiet' }),
    ]),
  );
}
