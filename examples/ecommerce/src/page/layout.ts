import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Texts put into it by `html` are escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageContent {
  /** Of the window; the page's heading is its own. */
  readonly title: string;
  /** Where it is found: the entry of the menu with this address is the current one. */
  readonly path: string;
  /** The browser module that brings it to life: a file in `browser`, without its ending. */
  readonly module: string;
  /** A style sheet of its own, beside the common one: a file in `static`. */
  readonly style?: string;
  readonly main: Markup;
}

const menu = [
  { path: '/', name: 'Shop' },
  { path: '/orders', name: 'My orders' },
  { path: '/sales', name: 'Sales' },
  { path: '/operations', name: 'Operations' },
];

/** What all pages have in common: menu, who one is, and a place where is said what happened. */
export function layout({ title, path, module, style, main }: PageContent): Markup {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Diptych shop</title>
    <link rel="stylesheet" href="/static/style.css">
    ${style === undefined ? '' : html`<link rel="stylesheet" href="/static/${style}">`}
    <link rel="icon" href="data:,">
    <script type="module" src="/browser/${module}.js"></script>
  </head>
  <body>
    <a class="skip" href="#main">To the content</a>
    <header class="top">
      <a class="brand" href="/">Diptych shop</a>
      <nav aria-label="Pages"><ul>${menu.map((entry) => entryOf(entry, path))}</ul></nav>
      ${identityForm()}
    </header>
    <p id="said" class="said" role="status"></p>
    <main id="main" tabindex="-1">${main}</main>
  </body>
</html>`;
}

function entryOf(entry: (typeof menu)[number], current: string): Markup {
  return entry.path === current
    ? html`<li><a href="${entry.path}" aria-current="page">${entry.name}</a></li>`
    : html`<li><a href="${entry.path}">${entry.name}</a></li>`;
}

function identityForm(): Markup {
  return html`<form id="identity-form" class="identity" novalidate>
        <label for="identity">Acting as</label>
        <input id="identity" name="identity" autocomplete="off" spellcheck="false" maxlength="50"
          aria-describedby="identity-hint identity-fault">
        <button type="submit">Switch</button>
        <small id="identity-hint">a customer’s number, or “operator”</small>
        <p id="identity-fault" class="fault"></p>
      </form>`;
}
