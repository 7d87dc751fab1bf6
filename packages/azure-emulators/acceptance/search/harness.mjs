// What every check has at hand: clients of the SDK, and indexes of its own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { AzureKeyCredential, SearchIndexClient } from '@azure/search-documents';

/**
 * @typedef {object} Target
 * @property {string} endpoint
 * @property {string} key
 * @property {() => Promise<void>} shown resolves when what was acknowledged can be found
 */

export class Context {
  #target;
  #indexes = [];

  /** @param {Target} target */
  constructor(target) {
    this.#target = target;
    this.client = this.clientWith(target.key);
  }

  clientWith(key, options = {}) {
    const { endpoint } = this.#target;
    return new SearchIndexClient(endpoint, new AzureKeyCredential(key), {
      allowInsecureConnection: endpoint.startsWith('http:'),
      retryOptions: { maxRetries: 0 },
      ...options,
    });
  }

  shown() {
    return this.#target.shown();
  }

  /** What the SDK has no call for. Gives the status and what was answered. */
  async raw(method, path, { body, headers = {} } = {}) {
    const { endpoint, key } = this.#target;
    const address = `${endpoint}/${path}${path.includes('?') ? '&' : '?'}api-version=2026-04-01`;
    const response = await fetch(address, {
      method,
      headers: { 'api-key': key, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      text,
      body: text && JSON.parse(text),
    };
  }

  newName() {
    const name = `check-${randomUUID()}`;
    this.#indexes.push(name);
    return name;
  }

  /** Makes an index, and gives the client of its documents. */
  async index(fields, options = {}) {
    const name = this.newName();
    await this.client.createIndex({ name, fields, ...options });
    return this.client.getSearchClient(name);
  }

  /** An index with these documents in it. */
  async indexWith(documents, fields = productFields, options = {}) {
    const search = await this.index(fields, options);
    await search.uploadDocuments(documents);
    await this.shown();
    return search;
  }

  async close() {
    for (const name of this.#indexes) await this.client.deleteIndex(name);
  }
}

const plain = { searchable: false, filterable: true, sortable: true, facetable: true };

export const productFields = [
  { name: 'id', type: 'Edm.String', key: true, ...plain },
  { name: 'name', type: 'Edm.String', ...plain, searchable: true },
  { name: 'description', type: 'Edm.String', ...plain, searchable: true, filterable: false },
  { name: 'price', type: 'Edm.Double', ...plain },
  { name: 'stock', type: 'Edm.Int32', ...plain },
  { name: 'since', type: 'Edm.DateTimeOffset', ...plain },
  { name: 'isNew', type: 'Edm.Boolean', ...plain },
  { name: 'tags', type: 'Collection(Edm.String)', ...plain, searchable: true, sortable: false },
  { name: 'secret', type: 'Edm.String', ...plain, hidden: true },
  {
    name: 'unfiltered',
    type: 'Edm.String',
    searchable: false,
    filterable: false,
    sortable: false,
    facetable: false,
  },
];

/** All results of a search: their keys, in order. */
export async function keys(search, text, options = {}) {
  return (await all(search, text, options)).map(({ document }) => document.id);
}

export async function all(search, text, options = {}) {
  const { results } = await search.search(text, options);
  const found = [];
  for await (const one of results) found.push(one);
  return found;
}

/** The status that the work must end with. */
export async function assertStatus(status, work) {
  const error = await work.then(
    () => assert.fail('It should have failed.'),
    (reason) => reason,
  );
  assert.equal(error.statusCode, status, error.message);
}
