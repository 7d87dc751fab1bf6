import { ask, ShopProblem } from './api.js';
import { byId, element, say, time } from './elements.js';
import { clearFaults, identityAt, showFault } from './faults.js';
import { identity, onIdentity } from './identity.js';
import { pounds } from './money.js';
import { amountOf, type OrderLine, type OrderSummary, shortId } from './order-data.js';
import { type Step, stepsFor, takeStep } from './order-steps.js';
import { returnLines, rowOf } from './return-lines.js';
import { sendReturn } from './send-return.js';
import { type Timeline, timelineItems } from './timeline.js';

interface Order extends OrderSummary {
  readonly customerId: string;
  readonly lines: readonly OrderLine[];
}

const asked = new URLSearchParams(location.search);
const orderId = asked.get('id') ?? '';
const reason = byId<HTMLInputElement>('reason');
let shown: Order | null = null;

async function show(after = ''): Promise<void> {
  clearFaults();
  try {
    const [order, timeline] = await Promise.all([
      ask<Order | null>('shop.OrderDetails', { orderId }, identity(), { after }),
      ask<Timeline | null>('shop.OrderTimeline', { orderId }, identity(), { after }),
    ]);
    shown = order;
    byId('order').hidden = order === null;
    byId('order-none').hidden = order !== null;
    byId('order-status').hidden = order === null;
    if (order !== null) showOrder(order);
    byId('timeline').replaceChildren(...timelineItems(timeline));
  } catch (error) {
    byId('order').hidden = true;
    showFault(error, identityAt(error), 'order-fault');
  }
}

function showOrder(order: Order): void {
  const { kind, status, lines, placedAt, customerId, country } = order;
  byId('order-heading').textContent = `${kind === 'return' ? 'Return' : 'Order'} ${shortId(orderId)}`;
  const badge = byId('order-status');
  badge.textContent = status;
  badge.className = `status ${status}`;
  byId('order-facts').replaceChildren(
    `Number ${orderId}, customer ${customerId}, `,
    element('bdi', country),
    ', ',
    time(placedAt),
  );
  byId('order-total').textContent = amountOf(order);
  byId('order-lines').replaceChildren(...lines.map((line, at) => rowOf(line, at, status === 'shipped')));
  byId('return').hidden = status !== 'shipped';
  const steps = kind === 'return' ? [] : stepsFor(status);
  byId('pay').hidden = !steps.includes('pay');
  byId('ship').hidden = !steps.includes('ship');
  byId('cancelling').hidden = !steps.includes('cancel');
  byId('steps').hidden = steps.length === 0;
}

/** Does something with the order, and shows by receipt how it stands then. */
async function change(
  work: () => Promise<string>,
  fault: string,
  fieldAt: (error: ShopProblem) => HTMLElement | undefined,
) {
  clearFaults();
  try {
    await show(await work());
    byId('order-heading').focus();
  } catch (error) {
    const field = error instanceof ShopProblem ? fieldAt(error) : undefined;
    // Without a field it may be that somebody else was faster: how the order stands now is shown as well.
    if (field === undefined) await show();
    showFault(
      error,
      field ?? identityAt(error),
      byId('order').hidden || byId(fault).closest('[hidden]') ? 'order-fault' : fault,
    );
  }
}

function step(name: Step): void {
  const data = { orderId, ...(name === 'cancel' ? { reason: reason.value } : {}) };
  void change(
    async () => {
      const { result, consistency } = await takeStep(name, data);
      say(`The order is ${result.status}.`);
      return consistency;
    },
    'steps-fault',
    ({ path }) => (path[0] === 'reason' ? reason : undefined),
  );
}

byId('pay').addEventListener('click', () => step('pay'));
byId('ship').addEventListener('click', () => step('ship'));
byId('cancel').addEventListener('click', () => step('cancel'));
byId('steps').addEventListener('submit', (event) => event.preventDefault());
byId('return-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = returnLines();
  void change(
    async () => {
      const { result, consistency } = await sendReturn(shown!, fields);
      say(`The return is noted: ${pounds(result.total)} to be paid back.`);
      return consistency;
    },
    'return-fault',
    ({ path: [first, at] }) =>
      first === 'lines' ? (typeof at === 'number' ? fields[at]?.field : firstField()) : undefined,
  );
});
onIdentity(() => show());

function firstField(): HTMLElement | undefined {
  return byId('order-lines').querySelector('input') ?? undefined;
}

// The receipt of what led here has served once the order is shown.
const after = asked.get('after') ?? '';
if (after !== '') history.replaceState(null, '', `?id=${encodeURIComponent(orderId)}`);
await show(after);
