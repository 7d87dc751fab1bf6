import { AsyncLocalStorage } from 'node:async_hooks';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { FieldValues, FindOptions, FoundPage, ReadModel } from '../read-models/read-model.js';
import type { ProjectionRegistration } from './projection-registration.js';

/** The read models that one query reads: of its tenant, each in the one copy that was chosen for it. */
export type OpenReadModels = ReadonlyMap<ProjectionRegistration, ReadModel<unknown>>;

/** Ties the facades that handlers hold to the copies of the query that runs. One for each app. */
export class ReadModelScope {
  readonly #open = new AsyncLocalStorage<OpenReadModels>();

  run<T>(open: OpenReadModels, work: () => T): T {
    return this.#open.run(open, work);
  }

  /** What `readModel(…)` injects: one object for the program's life, which reads for whichever query asks. */
  facade<Document>(registration: ProjectionRegistration): ReadModel<Document> {
    return new ReadModelFacade(() => this.#require(registration) as ReadModel<Document>);
  }

  #require(registration: ProjectionRegistration): ReadModel<unknown> {
    const open = this.#open.getStore()?.get(registration);
    if (open !== undefined) return open;
    throw new ProgrammingError(
      'read-model-outside-query',
      `Read model '${registration.name}' is read outside a query whose handler injects it. Name it in the inject list of a query handler, or of a service that one injects.`,
      { model: registration.name },
    );
  }
}

class ReadModelFacade<Document> implements ReadModel<Document> {
  readonly #current: () => ReadModel<Document>;

  constructor(current: () => ReadModel<Document>) {
    this.#current = current;
  }

  /** What most queries do, and all that they do: no promise more than the store's own. */
  get(id: string): Promise<Document | undefined> {
    try {
      return this.#current().get(id);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    return this.#current().getMany(ids);
  }

  async find(index: string, values: FieldValues, options?: FindOptions): Promise<FoundPage<Document>> {
    return this.#current().find(index, values, options);
  }

  async all(options?: FindOptions): Promise<FoundPage<Document>> {
    return this.#current().all(options);
  }

  native(): unknown {
    return this.#current().native();
  }
}
