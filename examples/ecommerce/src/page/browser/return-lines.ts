import { byId, element } from './elements.js';
import { pounds } from './money.js';
import type { OrderLine } from './order-data.js';

/** A line of which some come back, and the field where it says how many. */
export interface ReturnLine {
  readonly line: OrderLine;
  readonly field: HTMLInputElement;
}

const lineOf = new WeakMap<HTMLInputElement, OrderLine>();

/** A line of an order, with a field for how many of it come back where that is possible. */
export function rowOf(line: OrderLine, at: number, returnable: boolean): HTMLElement {
  const { description, productCode, quantity, price, returned } = line;
  const back = returned > 0 ? `, ${returned} returned` : '';
  const facts = element('small', `${productCode} · ${quantity} × ${pounds(price)}${back}`);
  const name = description === '' ? productCode : description;
  if (!returnable || returned === quantity) return element('li', [element('span', [name, facts])]);
  const field = element('input', '', {
    id: `return-${at}`,
    inputmode: 'numeric',
    autocomplete: 'off',
    placeholder: '0',
    'aria-label': `How many of ${name} come back`,
    'aria-describedby': `return-fault-${at}`,
  });
  lineOf.set(field, line);
  const fault = element('p', '', { id: `return-fault-${at}`, class: 'fault' });
  return element('li', [element('label', [name, facts], { for: field.id }), field, fault]);
}

/** The lines where something is filled in. */
export function returnLines(): readonly ReturnLine[] {
  return [...byId('order-lines').querySelectorAll('input')]
    .filter(({ value }) => value.trim() !== '')
    .map((field) => ({ line: lineOf.get(field)!, field }));
}
