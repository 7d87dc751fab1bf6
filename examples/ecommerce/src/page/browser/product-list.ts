import { ask } from './api.js';
import { byId, element } from './elements.js';
import { clearFaults, identityAt, showFault } from './faults.js';
import { identity } from './identity.js';
import { pounds } from './money.js';

export interface Product {
  readonly productCode: string;
  readonly name: string;
  readonly price: string;
}

interface Found {
  readonly products: readonly Product[];
  readonly more: boolean;
}

interface StockAnswer {
  readonly levels: readonly { readonly productCode: string; readonly onHand: number }[];
}

const step = 24;
const most = 192;
/** Typing goes on for that long before the shop is asked, in milliseconds. */
const pauseInMs = 120;

const field = byId<HTMLInputElement>('search');
let limit = step;
let asked = new AbortController();
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Keeps the list at what is typed. `add` puts a product into the basket. */
export function searchAsTyped(add: (product: Product) => void): void {
  const search = () => void showFound(add);
  field.value = new URLSearchParams(location.search).get('q') ?? '';
  field.addEventListener('input', () => {
    limit = step;
    clearTimeout(waiting);
    waiting = setTimeout(search, pauseInMs);
  });
  byId('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    search();
  });
  byId('more').addEventListener('click', async () => {
    const before = limit;
    limit += step;
    await showFound(add);
    byId('products').querySelectorAll<HTMLElement>('button')[before]?.focus();
  });
  search();
}

async function showFound(add: (product: Product) => void): Promise<void> {
  clearTimeout(waiting);
  // What is typed now counts: an answer to what was typed before comes too late.
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const text = field.value.trim();
  history.replaceState(null, '', text === '' ? location.pathname : `?q=${encodeURIComponent(text)}`);
  clearFaults(byId('search-form'));
  try {
    const found = await ask<Found>('shop.SearchProducts', { text, limit }, identity(), { signal });
    byId('products').replaceChildren(...found.products.map((product) => cardOf(product, add)));
    byId('found').textContent = summaryOf(found, text);
    byId('more').hidden = !found.more || limit >= most;
    await showStock(found.products, signal);
  } catch (error) {
    if (!signal.aborted) showFault(error, identityAt(error) ?? field, 'search-fault');
  }
}

function summaryOf({ products, more }: Found, text: string): string {
  const what = text === '' ? '' : ` for “${text}”`;
  if (products.length === 0) return `Nothing found${what}.`;
  const count = products.length === 1 ? '1 product' : `${products.length} products`;
  return more ? `The first ${count}${what}, those ordered most.` : `${count}${what}.`;
}

function cardOf(product: Product, add: (product: Product) => void): HTMLElement {
  const { productCode, name, price } = product;
  const tile = element('span', initialsOf(name), { class: 'tile', 'aria-hidden': 'true' });
  tile.style.setProperty('--hue', String(hueOf(productCode)));
  const button = element('button', 'Add', { type: 'button', 'aria-label': `Add ${name} to the basket` });
  button.addEventListener('click', () => add(product));
  return element('li', [
    tile,
    element('h2', name),
    element('p', [element('span', productCode), element('span', '', { 'data-stock': productCode })], {
      class: 'quiet',
    }),
    element('p', [element('strong', pounds(price)), button], { class: 'buy' }),
  ]);
}

/** Puts stock levels on the cards. They follow orders a moment later: no receipt is waited for. */
async function showStock(products: readonly Product[], signal: AbortSignal): Promise<void> {
  if (products.length === 0) return;
  const productCodes = products.map(({ productCode }) => productCode);
  const { levels } = await ask<StockAnswer>('shop.StockLevels', { productCodes }, identity(), { signal });
  const places = new Map(
    [...document.querySelectorAll<HTMLElement>('[data-stock]')].map((place) => [place.dataset.stock, place]),
  );
  for (const { productCode, onHand } of levels) {
    const place = places.get(productCode);
    if (place !== undefined) place.textContent = onHand > 0 ? `${onHand} in stock` : 'made to order';
  }
}

function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  return words
    .slice(0, 2)
    .map((word) => [...word][0]!.toUpperCase())
    .join('');
}

function hueOf(productCode: string): number {
  return [...productCode].reduce((hue, character) => (hue * 137 + character.codePointAt(0)! * 53) % 360, 7);
}
