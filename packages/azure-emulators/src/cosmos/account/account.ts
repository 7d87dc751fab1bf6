import { conflict, notFound } from '../cosmos-error.js';
import { type ContainerSurroundings, ItemContainer } from '../items/item-container.js';
import { isObject, type JsonObject } from '../items/json.js';
import { readContainerSettings, readName } from './container-settings.js';
import { containerRid, databaseRid } from './resource-ids.js';
import { type Container, type Database, type Offer, offerFor, stamp } from './resources.js';

/** All databases and containers, by their names. */
export class Account {
  readonly databases = new Map<string, Database>();
  readonly offers = new Map<string, Offer>();
  private made = 0;

  constructor(readonly surroundings: ContainerSurroundings) {}

  createDatabase(body: unknown, throughput: JsonObject | undefined): Database {
    const id = readName(isObject(body) ? body.id : undefined);
    if (this.databases.has(id)) throw conflict(`The database '${id}' exists already.`);
    const rid = databaseRid(++this.made);
    const resource = { id, ...this.stamp(rid, `dbs/${rid}/`), _colls: 'colls/', _users: 'users/' };
    const database = { resource, containers: new Map<string, Container>() };
    this.databases.set(id, database);
    this.offer(resource, throughput);
    return database;
  }

  database(id: string): Database {
    const database = this.databases.get(id);
    if (database === undefined) throw notFound(`There is no database '${id}'.`);
    return database;
  }

  deleteDatabase(id: string): void {
    const { containers, resource } = this.database(id);
    for (const container of containers.keys()) this.deleteContainer(id, container);
    this.databases.delete(id);
    this.forgetOffer(resource._rid);
  }

  createContainer(databaseId: string, body: unknown, throughput: JsonObject | undefined): Container {
    const { resource, containers } = this.database(databaseId);
    const settings = readContainerSettings(body);
    if (containers.has(settings.id)) throw conflict(`The container '${settings.id}' exists already.`);
    const rid = containerRid(resource._rid, ++this.made);
    const self = `${resource._self}colls/${rid}/`;
    const container = {
      resource: { ...this.containerResource(settings.definition, rid, self), id: settings.id },
      items: new ItemContainer(rid, self, settings, this.surroundings),
    };
    containers.set(settings.id, container);
    this.offer(container.resource, throughput ?? standardThroughput);
    return container;
  }

  container(databaseId: string, id: string): Container {
    const container = this.database(databaseId).containers.get(id);
    if (container === undefined) throw notFound(`There is no container '${id}' in '${databaseId}'.`);
    return container;
  }

  /** Changes what can be changed: not the partition key, nor the unique keys. */
  replaceContainer(databaseId: string, id: string, body: unknown): Container {
    const container = this.container(databaseId, id);
    const { items, resource } = container;
    const settings = readContainerSettings(body);
    for (const name of ['id', 'partitionKey', 'uniqueKeyPolicy']) {
      if (JSON.stringify(settings.definition[name]) !== JSON.stringify(items.settings.definition[name])) {
        throw conflict(`The ${name} of a container cannot be replaced.`);
      }
    }
    items.change(settings);
    container.resource = {
      ...this.containerResource(settings.definition, resource._rid, resource._self),
      id,
    };
    return container;
  }

  deleteContainer(databaseId: string, id: string): void {
    const { items, resource } = this.container(databaseId, id);
    items.close();
    this.database(databaseId).containers.delete(id);
    this.forgetOffer(resource._rid);
  }

  replaceOffer(id: string, body: unknown): Offer {
    const offer = this.offers.get(id);
    if (offer === undefined) throw notFound(`There is no offer '${id}'.`);
    const content = isObject(body) && isObject(body.content) ? body.content : {};
    const replaced = { ...offer, content, ...this.stamp(id, `offers/${id}/`) };
    this.offers.set(id, replaced);
    return replaced;
  }

  private containerResource(definition: JsonObject, rid: string, self: string) {
    const links = {
      _docs: 'docs/',
      _sprocs: 'sprocs/',
      _triggers: 'triggers/',
      _udfs: 'udfs/',
      _conflicts: 'conflicts/',
    };
    return { ...definition, ...this.stamp(rid, self), ...links };
  }

  private stamp(rid: string, self: string) {
    return { ...stamp(rid, self, this.surroundings.clock.now()) };
  }

  private offer(resource: Database['resource'], throughput: JsonObject | undefined): void {
    if (throughput === undefined) return;
    const offer = offerFor(resource, throughput, this.surroundings.clock.now());
    this.offers.set(offer.id, offer);
  }

  private forgetOffer(rid: string): void {
    for (const [id, offer] of this.offers) {
      if (offer.offerResourceId === rid) this.offers.delete(id);
    }
  }
}

const standardThroughput: JsonObject = { offerThroughput: 400 };
