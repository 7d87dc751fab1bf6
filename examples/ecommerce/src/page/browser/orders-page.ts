import { ask } from './api.js';
import { byId, element, time } from './elements.js';
import { clearFaults, identityAt, showFault } from './faults.js';
import { identity, isOperator, onIdentity } from './identity.js';
import { pounds } from './money.js';
import { cardOf, type ListedOrder } from './order-card.js';
import type { OrderStatus } from './order-data.js';

interface Orders {
  readonly orders: readonly ListedOrder[];
  readonly next?: string;
}

interface CustomerOrders extends Orders {
  readonly sales: { readonly orders: number; readonly net: string };
}

interface Customer {
  readonly countries: readonly string[];
  readonly firstOrderAt?: string;
  readonly bought: readonly {
    readonly productCode: string;
    readonly description: string;
    readonly quantity: number;
  }[];
}

const status = byId<HTMLSelectElement>('status');
const whose = byId<HTMLInputElement>('whose');
const list = byId('orders');
const mostBought = 10;
let next: string | undefined;

/** Whose orders are shown; `''` for everybody's. */
function shownCustomer(): string {
  return isOperator() ? whose.value.trim() : identity();
}

async function find(page: object, after: string): Promise<Orders | CustomerOrders> {
  const customerId = shownCustomer();
  const wanted = status.value === '' ? {} : { status: status.value as OrderStatus };
  return customerId === ''
    ? ask<Orders>('shop.OrdersByStatus', { ...wanted, ...page }, identity(), { after })
    : ask<CustomerOrders>('shop.OrdersByCustomer', { customerId, ...wanted, ...page }, identity(), { after });
}

async function show(after = ''): Promise<void> {
  clearFaults(byId('main'));
  if (identity() === '') {
    list.replaceChildren();
    showFault(new Error('Say which customer you are.'), byId('identity'), 'orders-fault');
    return;
  }
  try {
    const found = await find({}, after);
    list.replaceChildren(...found.orders.map((order) => cardOf(order, show)));
    byId('orders-none').hidden = found.orders.length > 0;
    showNext(found);
    await showCustomer('sales' in found ? found : undefined, after);
  } catch (error) {
    list.replaceChildren();
    showFault(error, identityAt(error), 'orders-fault');
  }
}

function showNext(found: Orders): void {
  next = found.next;
  byId('more').hidden = next === undefined;
}

async function showMore(): Promise<void> {
  const found = await find({ after: next }, '');
  const cards = found.orders.map((order) => cardOf(order, show));
  list.append(...cards);
  showNext(found);
  cards[0]?.querySelector('a')?.focus();
}

/** Who the customer is whose orders are shown, and what it bought. */
async function showCustomer(found: CustomerOrders | undefined, after: string): Promise<void> {
  const customer =
    found === undefined
      ? null
      : await ask<Customer | null>('shop.Customer', { customerId: shownCustomer() }, identity(), { after });
  byId('bought-section').hidden = customer === null || customer.bought.length === 0;
  byId('customer').replaceChildren(...(customer === null ? [] : factsOf(customer, found!)));
  byId('bought').replaceChildren(
    ...(customer?.bought ?? [])
      .slice(0, mostBought)
      .map(({ description, productCode, quantity }) =>
        element('li', [
          element('strong', `${quantity.toLocaleString()} ×`),
          ' ',
          element('bdi', description === '' ? productCode : description),
        ]),
      ),
  );
}

function factsOf({ countries, firstOrderAt }: Customer, { sales }: CustomerOrders): (Node | string)[] {
  const orders = `${sales.orders} ${sales.orders === 1 ? 'order' : 'orders'}`;
  return [
    `Customer ${shownCustomer()}, `,
    element('bdi', countries.join(', ')),
    `: ${orders}, ${pounds(sales.net)} net of returns`,
    ...(firstOrderAt === undefined ? [] : [', since ', time(firstOrderAt)]),
    '.',
  ];
}

/** What operators see apart from customers: a field to say whose orders, and first of all those to be shipped. */
async function showRole(): Promise<void> {
  byId('orders-heading').textContent = isOperator() ? 'Orders' : 'My orders';
  byId('of-customer').hidden = !isOperator();
  byId('apply').hidden = !isOperator();
  status.value = isOperator() ? 'paid' : '';
  // Over all customers, only orders of one status are listed.
  status.options[0]!.disabled = isOperator() && whose.value === '';
  if (isOperator()) await showCustomers().catch(() => undefined);
}

async function showCustomers(): Promise<void> {
  const { customers } = await ask<{ readonly customers: readonly { readonly customerId: string }[] }>(
    'shop.Customers',
    { limit: 1000 },
    identity(),
  );
  byId('customers').replaceChildren(
    ...customers.map(({ customerId }) => element('option', '', { value: customerId })),
  );
}

async function showAll(): Promise<void> {
  await showRole();
  await show();
}

onIdentity(showAll);
status.addEventListener('change', () => void show());
byId('filter').addEventListener('submit', (event) => {
  event.preventDefault();
  status.options[0]!.disabled = isOperator() && whose.value === '';
  if (status.value === '' && status.options[0]!.disabled) status.value = 'paid';
  void show();
});
byId('more').addEventListener('click', () => {
  void showMore().catch((error) => showFault(error, undefined, 'orders-fault'));
});
await showAll();
