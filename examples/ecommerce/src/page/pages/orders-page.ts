import { html } from 'hono/html';
import { layout, type Markup } from '../layout.js';

/** A customer's orders; for an operator, everybody's. */
export function ordersPage(): Markup {
  return layout({ title: 'Orders', path: '/orders', module: 'orders-page', main });
}

const main = html`
      <h1 id="orders-heading">My orders</h1>
      <p id="customer" class="quiet"></p>
      <form id="filter" class="filter" novalidate>
        <div class="field">
          <label for="status">Show</label>
          <select id="status">
            <option value="">all</option>
            <option value="placed">placed</option>
            <option value="paid">paid</option>
            <option value="shipped">shipped</option>
            <option value="cancelled">cancelled</option>
            <option value="returned">returned</option>
          </select>
        </div>
        <div id="of-customer" class="field" hidden>
          <label for="whose">Of customer</label>
          <input id="whose" name="whose" autocomplete="off" spellcheck="false" maxlength="50" list="customers"
            aria-describedby="whose-fault">
          <datalist id="customers"></datalist>
          <p id="whose-fault" class="fault"></p>
        </div>
        <button id="apply" type="submit">Show orders</button>
      </form>
      <p id="orders-fault" class="fault" role="alert"></p>
      <p id="orders-none" class="quiet" hidden>No orders here.</p>
      <ul id="orders" class="orders"></ul>
      <button id="more" type="button" hidden>Show more</button>
      <section id="bought-section" aria-labelledby="bought-heading" hidden>
        <h2 id="bought-heading">Bought most</h2>
        <ul id="bought" class="bought"></ul>
      </section>`;
