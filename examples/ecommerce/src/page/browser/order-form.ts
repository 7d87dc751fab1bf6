import { execute, type Receipt, ShopProblem } from './api.js';
import {
  type BasketLine,
  basketLines,
  emptyBasket,
  onBasket,
  removeFromBasket,
  typeQuantity,
} from './basket.js';
import { byId, element, say } from './elements.js';
import { clearFaults, identityAt, showFault } from './faults.js';
import { identity } from './identity.js';
import { pounds, totalOf } from './money.js';
import { numberOr } from './quantity.js';

interface Placed {
  readonly orderId: string;
  readonly total: string;
}

const form = byId<HTMLFormElement>('order-form');
const country = byId<HTMLInputElement>('country');
// Sending the same order again, after an answer got lost say, places it once.
let key = crypto.randomUUID();

/** Shows the basket and sends it as an order. */
export function orderFromBasket(): void {
  onBasket(showBasket);
  form.addEventListener('input', () => {
    key = crypto.randomUUID();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void placeOrder();
  });
  showBasket();
}

function showBasket(): void {
  key = crypto.randomUUID();
  const lines = basketLines();
  byId('basket-lines').replaceChildren(...lines.map(rowOf));
  byId('basket-count').textContent = String(lines.length);
  byId('basket-empty').hidden = lines.length > 0;
  form.hidden = lines.length === 0;
  showTotal();
}

function showTotal(): void {
  const priced = basketLines().map(({ quantity, price }) => ({ quantity: Number(quantity), price }));
  const known = priced.every(({ quantity }) => Number.isSafeInteger(quantity) && quantity > 0);
  byId('basket-total').textContent = known ? pounds(totalOf(priced)) : '—';
}

function rowOf({ productCode, name, price, quantity }: BasketLine, index: number): HTMLElement {
  const id = `quantity-${index}`;
  const field = element('input', '', {
    id,
    value: quantity,
    inputmode: 'numeric',
    autocomplete: 'off',
    'aria-describedby': `fault-${index}`,
  });
  field.addEventListener('input', () => {
    typeQuantity(productCode, field.value);
    showTotal();
  });
  const remove = element('button', '×', {
    type: 'button',
    class: 'plain',
    'aria-label': `Take ${name} out of the basket`,
  });
  remove.addEventListener('click', () => {
    removeFromBasket(productCode);
    say(element('bdi', name), ' is out of the basket.');
    byId('basket-heading').focus();
  });
  const label = element('label', [name, element('small', pounds(price))], { for: id });
  return element('li', [label, field, remove, element('p', '', { id: `fault-${index}`, class: 'fault' })]);
}

async function placeOrder(): Promise<void> {
  clearFaults();
  try {
    const receipt = await send();
    emptyBasket();
    const { orderId, total } = receipt.result;
    // The receipt goes along: the order's page shows it, however far behind the read models are.
    const address = `/order?id=${encodeURIComponent(orderId)}&after=${encodeURIComponent(receipt.consistency)}`;
    const link = element('a', 'Look at it', { href: address });
    say(`Your order is placed: ${pounds(total)}. `, link);
    link.focus();
  } catch (error) {
    showFault(error, fieldAt(error), 'order-fault');
  }
}

function send(): Promise<Receipt<Placed>> {
  const lines = basketLines().map(({ productCode, name, price, quantity }) => ({
    productCode,
    description: name,
    price,
    quantity: numberOr(quantity),
  }));
  const order = { customerId: identity(), country: country.value.trim(), lines };
  return execute<Placed>('shop.PlaceOrder', order, identity(), key);
}

/** The field that the shop found fault with. */
function fieldAt(error: unknown): HTMLElement | undefined {
  if (!(error instanceof ShopProblem)) return undefined;
  const [first, index] = error.path;
  if (first === 'country') return country;
  if (first === 'customerId' || error.code === 'forbidden') return byId('identity');
  if (first === 'lines' && typeof index === 'number')
    return document.getElementById(`quantity-${index}`) ?? undefined;
  return identityAt(error);
}
