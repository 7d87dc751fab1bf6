import { ask } from './api.js';
import { byId, element, say } from './elements.js';
import { clearFaults, showFault } from './faults.js';
import { onIdentity } from './identity.js';
import { pounds } from './money.js';

interface CountrySales {
  readonly country: string;
  readonly orders: number;
  readonly gross: string;
  readonly returned: string;
  readonly net: string;
}

const columns = ['Orders', 'Gross', 'Returned', 'Net'];

async function show(): Promise<void> {
  clearFaults();
  try {
    const rows = await ask<readonly CountrySales[]>('shop.SalesByCountry', {}, '');
    byId('sales').replaceChildren(...rows.map(rowOf));
    byId('sales-table').hidden = rows.length === 0;
    byId('sales-empty').hidden = rows.length > 0;
  } catch (error) {
    showFault(error, undefined, 'sales-fault');
  }
}

function rowOf({ country, orders, gross, returned, net }: CountrySales): HTMLElement {
  const figures = [orders.toLocaleString(), pounds(gross), pounds(returned), pounds(net)];
  return element('tr', [
    element('th', country, { scope: 'row' }),
    // Narrow screens show each figure with its name in place of the column's heading.
    ...figures.map((text, at) => element('td', text, { 'data-name': columns[at]! })),
  ]);
}

byId('refresh').addEventListener('click', async () => {
  await show();
  say('The figures are those of now.');
});
onIdentity(() => undefined);
await show();
