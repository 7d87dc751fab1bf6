import { ask } from './api.js';
import { byId, element, pounds } from './elements.js';

interface CountrySales {
  readonly country: string;
  readonly orders: number;
  readonly gross: string;
  readonly returned: string;
  readonly net: string;
}

/** Shows what was sold where. Everybody may see it. */
export async function showSales(after = ''): Promise<void> {
  const rows = await ask<readonly CountrySales[]>('shop.SalesByCountry', {}, '', after);
  byId('sales').replaceChildren(
    ...rows.map(({ country, orders, gross, returned, net }) => {
      const row = element('tr');
      row.append(
        element('th', country, { scope: 'row' }),
        ...[String(orders), pounds(gross), pounds(returned), pounds(net)].map((text) => element('td', text)),
      );
      return row;
    }),
  );
  byId('sales-empty').hidden = rows.length > 0;
}
