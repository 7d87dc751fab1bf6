import { html } from 'hono/html';
import { layout, type Markup } from '../layout.js';

/** Browse, search, basket and order. */
export function shopPage(): Markup {
  return layout({ title: 'Shop', path: '/', module: 'shop-page', main });
}

const main = html`
      <div class="shop">
        <section aria-labelledby="products-heading">
          <div class="heading">
            <h1 id="products-heading">What we have</h1>
            <a class="to-basket" href="#basket-heading">Basket (<span id="basket-count">0</span>)</a>
          </div>
          <form id="search-form" class="search" role="search" novalidate>
            <label for="search">Search by name or code</label>
            <input id="search" type="search" name="text" autocomplete="off" spellcheck="false"
              enterkeyhint="search" placeholder="lantern, red bag, 85123A" aria-describedby="search-fault">
            <p id="search-fault" class="fault" role="alert"></p>
          </form>
          <p id="found" class="quiet" role="status"></p>
          <ul id="products" class="products"></ul>
          <button id="more" type="button" hidden>Show more</button>
        </section>
        <section class="basket panel" aria-labelledby="basket-heading">
          <h2 id="basket-heading" tabindex="-1">Basket</h2>
          <p id="basket-empty" class="quiet">Nothing in it yet.</p>
          <form id="order-form" novalidate>
            <ul id="basket-lines" class="lines"></ul>
            <div class="field">
              <label for="country">Country to deliver to</label>
              <input id="country" name="country" value="United Kingdom" autocomplete="country-name"
                aria-describedby="country-fault">
              <p id="country-fault" class="fault"></p>
            </div>
            <p class="total">Total <strong id="basket-total"></strong></p>
            <p id="order-fault" class="fault" role="alert"></p>
            <button type="submit" class="main">Place order</button>
          </form>
        </section>
      </div>`;
