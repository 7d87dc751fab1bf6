import { describe, expect, it } from 'vitest';
import { page } from './page.js';

const app = page({
  messages: async (request) => new Response(`${request.method} ${new URL(request.url).pathname}`),
});

describe('the page', () => {
  it.each(['/', '/orders', '/order?id=1', '/sales'])(
    'gives %s, with headers that keep other sources out',
    async (path) => {
      const response = await app.request(`http://127.0.0.1:3000${path}`);
      expect(response.headers.get('Content-Type')).toContain('text/html');
      expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'self'");
      const text = await response.text();
      expect(text).toContain('<main id="main"');
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    },
  );

  it('gives its files small, and again only when they changed', async () => {
    const asked = 'http://127.0.0.1:3000/static/style.css';
    const response = await app.request(asked, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('Content-Type')).toContain('text/css');
    expect(response.headers.get('Content-Encoding')).toBe('gzip');
    const tag = response.headers.get('ETag') ?? '';
    expect((await app.request(asked, { headers: { 'If-None-Match': tag } })).status).toBe(304);
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

  it.each([
    '/../package.json',
    '/static/..%2f..%2fpackage.json',
    '/static/%2e%2e/page.ts',
    '/browser/..\\..\\main.js',
    '/static//etc/passwd',
    '/static/%00',
    '/static/%',
  ])('gives nothing else: %s', async (path) => {
    expect((await app.request(`http://127.0.0.1:3000${path}`)).status).toBe(404);
  });

  it('promise 9: gives nothing under the name of another host', async () => {
    expect((await app.request('http://attacker.example/queries/shop.SalesByCountry')).status).toBe(421);
  });
});
