import { ask, execute, type Receipt, ShopProblem } from './api.js';
import { byId, element, pounds } from './elements.js';
import { clearFaults, showFault } from './faults.js';

interface Product {
  readonly productCode: string;
  readonly description: string;
  readonly price: string;
}

interface Placed {
  readonly orderId: string;
  readonly total: string;
}

interface StockAnswer {
  readonly levels: readonly { readonly productCode: string; readonly onHand: number }[];
}

const form = byId<HTMLFormElement>('order-form');
const products = new Map<string, Product>();
// Sending the same form again, after an answer got lost say, places the order once.
let key = crypto.randomUUID();
form.addEventListener('input', () => {
  key = crypto.randomUUID();
});

/** Puts the products on the page. */
export async function showCatalogue(): Promise<void> {
  const offered = (await (await fetch('/catalogue.json')).json()) as readonly Product[];
  for (const product of offered) {
    products.set(product.productCode, product);
    byId('products').append(rowOf(product));
  }
}

/** Puts the stock levels beside the products. They follow orders a moment later: no receipt is waited for. */
export async function showStock(identity: string): Promise<void> {
  const { levels } = await ask<StockAnswer>(
    'shop.StockLevels',
    { productCodes: [...products.keys()] },
    identity,
  );
  for (const { productCode, onHand } of levels)
    byId(`stock-${productCode}`).textContent = `${onHand} in stock`;
}

/** Sends the form as a command. Faults are shown where they belong; `undefined` then. */
export async function placeOrder(identity: string): Promise<Receipt<Placed> | undefined> {
  clearFaults();
  const filled = quantityFields().filter(({ value }) => value.trim() !== '');
  const country = byId<HTMLInputElement>('country');
  const lines = filled.map((field) => ({ ...products.get(field.name), quantity: numberOr(field.value) }));
  try {
    const order = { customerId: identity, country: country.value, lines };
    const receipt = await execute<Placed>('shop.PlaceOrder', order, identity, key);
    key = crypto.randomUUID();
    form.reset();
    return receipt;
  } catch (error) {
    showFault(error, fieldAt(error, filled, country), 'order-fault');
    return undefined;
  }
}

function fieldAt(
  error: unknown,
  filled: readonly HTMLInputElement[],
  country: HTMLElement,
): HTMLElement | undefined {
  if (!(error instanceof ShopProblem)) return undefined;
  const [first, index] = error.path;
  if (error.code === 'unauthenticated') return byId('identity');
  if (first === 'country') return country;
  if (first === 'customerId') return byId('identity');
  if (first === 'lines') return typeof index === 'number' ? filled[index] : quantityFields()[0];
  return undefined;
}

function rowOf({ productCode, description, price }: Product): HTMLElement {
  const row = element('li');
  const id = `quantity-${productCode}`;
  const label = element('label', description, { for: id });
  label.append(element('small', `${pounds(price)} `), element('small', '', { id: `stock-${productCode}` }));
  const field = element('input', '', {
    id,
    name: productCode,
    inputmode: 'numeric',
    autocomplete: 'off',
    placeholder: '0',
    'aria-describedby': `fault-${productCode}`,
  });
  row.append(label, field, element('p', '', { id: `fault-${productCode}`, class: 'fault' }));
  return row;
}

function quantityFields(): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>('#products input')];
}

/** What is no number goes to the shop as it is, which says what is wrong with it. */
function numberOr(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
