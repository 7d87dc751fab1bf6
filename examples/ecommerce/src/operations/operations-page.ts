import { html } from 'hono/html';
import { layout, type Markup } from '../page/layout.js';

/** The frame of the operations page; the browser fills it from the feed. */
export function operationsPage(): Markup {
  return layout({
    title: 'Operations',
    path: '/operations',
    module: 'operations/main',
    style: 'operations.css',
    main: frame(),
  });
}

function frame(): Markup {
  return html`
    <div class="operations-head">
      <h1>Operations</h1>
      <p id="connection" class="connection" role="status">Connecting…</p>
    </div>
    <section id="closed" class="closed" hidden aria-labelledby="closed-heading">
      <h2 id="closed-heading">For operators</h2>
      <p id="closed-reason"></p>
      <button id="become-operator" type="button">Act as operator</button>
    </section>
    <div id="open" hidden>
      <p id="action-fault" class="fault" role="alert"></p>
      <section aria-labelledby="rates-heading">
        <h2 id="rates-heading">The last two minutes</h2>
        <div id="plots" class="plots"></div>
      </section>
      <section aria-labelledby="totals-heading">
        <h2 id="totals-heading">Since the start</h2>
        <dl id="totals" class="totals"></dl>
        <details>
          <summary>By message</summary>
          <div class="scroll" role="region" aria-label="Totals by message" tabindex="0">
            <table class="figures">
              <thead><tr><th scope="col">Message</th><th scope="col">What</th><th scope="col">Done</th><th scope="col">Refused</th></tr></thead>
              <tbody id="messages"></tbody>
            </table>
          </div>
        </details>
      </section>
      <section aria-labelledby="parked-heading">
        <h2 id="parked-heading" tabindex="-1">Parked messages</h2>
        <p id="parked-none">None. What cannot be handled waits here, and holds nothing else up.</p>
        <div id="parked-in" class="controls"></div>
        <p id="parked-more" class="note"></p>
        <ul id="parked" class="parked"></ul>
      </section>
      <section aria-labelledby="read-models-heading">
        <h2 id="read-models-heading">Read models</h2>
        <div id="read-models" class="cards"></div>
      </section>
      <section aria-labelledby="hinge-heading">
        <h2 id="hinge-heading">Other subscriptions</h2>
        <div id="hinge" class="cards"></div>
      </section>
      <section aria-labelledby="wiring-heading">
        <h2 id="wiring-heading">Wiring</h2>
        <p>From commands to queries, as the program describes itself. Point at a box to see what it is tied to.</p>
        <div id="wiring" class="scroll wiring" role="region" aria-label="Drawing of the wiring" tabindex="0"></div>
        <details>
          <summary>Pipelines</summary>
          <dl id="pipelines" class="pipelines"></dl>
        </details>
        <details>
          <summary>As Mermaid text</summary>
          <button id="copy-mermaid" type="button">Copy</button>
          <pre id="mermaid" class="scroll" role="region" aria-label="Mermaid text" tabindex="0"></pre>
        </details>
      </section>
    </div>`;
}
