import type { App } from '@diptych/core';
import { messagesOverHttp } from '../../page/messages-over-http.js';
import type { Ask } from './expectation.js';

/** Asks a shop of this process as an operator would over HTTP. */
export function asking(shop: App): Ask {
  const http = messagesOverHttp(shop, (text) => process.stderr.write(text));
  return async (query, parameters) => {
    const request = new Request(`http://shop/queries/${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Shop-Identity': 'operator' },
      body: JSON.stringify(parameters),
    });
    const response = await http(request);
    if (!response.ok)
      throw new Error(`${query} was answered by ${response.status}: ${await response.text()}`);
    return response.json();
  };
}
