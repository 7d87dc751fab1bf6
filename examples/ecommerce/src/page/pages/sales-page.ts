import { html } from 'hono/html';
import { layout, type Markup } from '../layout.js';

/** What was sold where: open to everybody. */
export function salesPage(): Markup {
  return layout({ title: 'Sales', path: '/sales', module: 'sales-page', main });
}

const main = html`
      <div class="heading">
        <h1>Sales by country</h1>
        <button id="refresh" type="button">Refresh</button>
      </div>
      <p id="sales-fault" class="fault" role="alert"></p>
      <p id="sales-empty" class="quiet">Nothing was sold yet.</p>
      <table class="figures" id="sales-table" hidden>
        <thead>
          <tr>
            <th scope="col">Country</th>
            <th scope="col">Orders</th>
            <th scope="col">Gross</th>
            <th scope="col">Returned</th>
            <th scope="col">Net</th>
          </tr>
        </thead>
        <tbody id="sales"></tbody>
      </table>`;
