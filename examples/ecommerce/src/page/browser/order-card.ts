import { element, say, time } from './elements.js';
import { showFault } from './faults.js';
import { addressOf, amountOf, type OrderSummary, shortId } from './order-data.js';
import { type Step, stepNames, stepsFor, takeStep } from './order-steps.js';

export interface ListedOrder extends OrderSummary {
  /** How many there are. */
  readonly lines: number;
}

/**
 * One order of a list, with what can be done with it.
 * @param refresh shows the list anew, with what the receipt's command did.
 */
export function cardOf(order: ListedOrder, refresh: (after?: string) => Promise<void>): HTMLElement {
  const { orderId, status, placedAt, country, lines, kind } = order;
  const fault = element('p', '', { class: 'fault', role: 'alert' });
  const title = `${kind === 'return' ? 'Return' : 'Order'} ${shortId(orderId)}`;
  const steps = kind === 'return' ? [] : stepsFor(status);
  const buttons = steps.map((step) => stepButton(step, order, title, fault, refresh));
  const back = element('a', 'Return…', {
    href: `${addressOf(orderId)}#return-form`,
    class: 'button',
    'aria-label': `Return of ${title}`,
  });
  return element(
    'li',
    [
      element('h2', [element('a', title, { href: addressOf(orderId), title: orderId })]),
      element('span', status, { class: `status ${status}` }),
      element('strong', amountOf(order), { class: 'amount' }),
      element(
        'p',
        [
          time(placedAt),
          ` · ${lines} ${lines === 1 ? 'line' : 'lines'} · `,
          element('bdi', country),
          ...(order.customerId === undefined ? [] : [` · customer ${order.customerId}`]),
        ],
        { class: 'quiet' },
      ),
      element('div', [...buttons, ...(status === 'shipped' ? [back] : [])], { class: 'steps' }),
      fault,
    ],
    { 'data-order': orderId },
  );
}

function stepButton(
  step: Step,
  { orderId }: ListedOrder,
  title: string,
  fault: HTMLElement,
  refresh: (after?: string) => Promise<void>,
): HTMLElement {
  const button = element('button', stepNames[step], {
    type: 'button',
    'aria-label': `${stepNames[step]} ${title}`,
    ...(step === 'cancel' ? {} : { class: 'main' }),
  });
  button.addEventListener('click', async () => {
    button.disabled = true;
    fault.textContent = '';
    try {
      const { result, consistency } = await takeStep(step, { orderId });
      say(`${title} is ${result.status}.`);
      // By receipt: the list shows what was just done, however far behind the read models are.
      await refresh(consistency);
      focusOn(orderId);
    } catch (error) {
      // Somebody else may have been faster: the list is shown as it is now, the refusal beside its order.
      await refresh();
      showFault(error, undefined, faultOf(orderId) ?? fault);
      focusOn(orderId);
    }
  });
  return button;
}

function cardElement(orderId: string): HTMLElement | undefined {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-order]')];
  return cards.find(({ dataset }) => dataset.order === orderId);
}

function faultOf(orderId: string): HTMLElement | undefined {
  return cardElement(orderId)?.querySelector<HTMLElement>('.fault') ?? undefined;
}

function focusOn(orderId: string): void {
  cardElement(orderId)?.querySelector('a')?.focus();
}
