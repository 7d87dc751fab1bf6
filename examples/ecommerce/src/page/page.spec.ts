import { describe, expect, it } from 'vitest';
import { page } from './page.js';

const files = new Map([['/', { type: 'text/html; charset=utf-8', body: '<h1>Shop</h1>' }]]);
const app = page({
  files,
  messages: async (request) => new Response(`${request.method} ${new URL(request.url).pathname}`),
});

describe('the page', () => {
  it('gives its files, with headers that keep other sources out', async () => {
    const response = await app.request('http://127.0.0.1:3000/');
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'self'");
    expect(await response.text()).toBe('<h1>Shop</h1>');
  });

  it('hands commands and queries over as they are', async () => {
    const command = await app.request('http://localhost/commands/shop.PlaceOrder', {
      method: 'POST',
      body: '{}',
    });
    expect(await command.text()).toBe('POST /commands/shop.PlaceOrder');
    const query = await app.request('http://localhost/queries/shop.SalesByCountry?a=1');
    expect(await query.text()).toBe('GET /queries/shop.SalesByCountry');
  });

  it('gives nothing else', async () => {
    expect((await app.request('http://127.0.0.1/../package.json')).status).toBe(404);
  });

  it('promise 9: gives nothing under the name of another host', async () => {
    expect((await app.request('http://attacker.example/queries/shop.SalesByCountry')).status).toBe(421);
  });
});
