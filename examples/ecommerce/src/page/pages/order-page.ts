import { html } from 'hono/html';
import { layout, type Markup } from '../layout.js';

/** One order: how it stands, what one can do with it, and what happened to it. */
export function orderPage(): Markup {
  return layout({ title: 'Order', path: '/order', module: 'order-page', main });
}

const main = html`
      <p><a href="/orders">← Orders</a></p>
      <div class="heading">
        <h1 id="order-heading" tabindex="-1">Order</h1>
        <span id="order-status" class="status" hidden></span>
      </div>
      <p id="order-fault" class="fault" role="alert"></p>
      <p id="order-none" class="quiet" hidden>You have no such order.</p>
      <div id="order" class="order" hidden>
        <section aria-labelledby="content-heading">
          <h2 id="content-heading">What is on it</h2>
          <p id="order-facts" class="quiet"></p>
          <form id="return-form" novalidate>
            <ul id="order-lines" class="lines"></ul>
            <p class="total">Total <strong id="order-total"></strong></p>
            <p id="return-fault" class="fault" role="alert"></p>
            <button id="return" type="submit" hidden>Return what is filled in</button>
          </form>
          <form id="steps" class="steps" novalidate>
            <p id="steps-fault" class="fault" role="alert"></p>
            <button id="pay" type="button" class="main" hidden>Pay</button>
            <button id="ship" type="button" class="main" hidden>Ship</button>
            <div id="cancelling" class="cancelling" hidden>
              <div class="field">
                <label for="reason">Why cancel it? <small>(if you like)</small></label>
                <input id="reason" name="reason" autocomplete="off" aria-describedby="reason-fault">
                <p id="reason-fault" class="fault"></p>
              </div>
              <button id="cancel" type="button">Cancel order</button>
            </div>
          </form>
        </section>
        <section class="panel" aria-labelledby="timeline-heading">
          <h2 id="timeline-heading">What happened</h2>
          <ol id="timeline" class="timeline"></ol>
        </section>
      </div>`;
