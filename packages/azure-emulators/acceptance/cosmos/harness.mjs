// What every check has at hand: the client of the SDK, and a database of its own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { CosmosClient } from '@azure/cosmos';

/**
 * @typedef {object} Target
 * @property {string} connectionString
 * @property {(milliseconds: number) => Promise<void>} pass lets time pass for the service
 */

export class Context {
  #target;
  #database;
  #clients = [];

  /** @param {Target} target */
  constructor(target) {
    this.#target = target;
    this.client = this.newClient();
  }

  newClient(options = {}) {
    const [, endpoint] = /AccountEndpoint=([^;]+)/.exec(this.#target.connectionString);
    const [, key] = /AccountKey=([^;]+)/.exec(this.#target.connectionString);
    const client = new CosmosClient({ endpoint, key, consistencyLevel: 'Session', ...options });
    this.#clients.push(client);
    return client;
  }

  pass(milliseconds) {
    return this.#target.pass(milliseconds);
  }

  async database() {
    this.#database ??= (await this.client.databases.create({ id: `check-${randomUUID()}` })).database;
    return this.#database;
  }

  /** A container whose items have their key at `/pk`, unless the definition says otherwise. */
  async container(definition = {}) {
    const database = await this.database();
    const id = `c-${randomUUID()}`;
    return (await database.containers.create({ id, partitionKey: '/pk', ...definition })).container;
  }

  /** A container with these items in it. */
  async containerWith(items, definition) {
    const container = await this.container(definition);
    for (const item of items) await container.items.create({ pk: 'p', ...item });
    return container;
  }

  async close() {
    await this.#database?.delete();
    for (const client of this.#clients) client.dispose();
  }
}

/** The status that the work must end with. */
async function statusOf(work) {
  try {
    await work;
  } catch (error) {
    return error.code;
  }
  throw new Error('It should have failed.');
}

export async function assertStatus(status, work) {
  assert.equal(await statusOf(work), status);
}

/** All results of a query, in the partition `p` unless something else is said. */
export async function ask(container, query, parameters = {}, options = { partitionKey: 'p' }) {
  const named = Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value }));
  const { resources } = await container.items.query({ query, parameters: named }, options).fetchAll();
  return resources;
}

export const ids = (items) => items.map(({ id }) => id);
