import { ProgrammingError } from '../errors/programming-errors.js';
import type { Event } from '../messages/message.js';
import { currentSession } from '../unit-of-work/current-session.js';
import { type Aggregate, aggregateAccess } from './aggregate.js';
import { loadState } from './fold.js';
import type { SnapshotOptions } from './snapshot-options.js';

export interface AggregateRepositoryOptions<State> {
  /** The stream of the aggregate with that id. */
  readonly stream: (id: string) => string;
  /** What decides the stream's partition. Default: its name. */
  readonly partitionKey?: ((id: string) => string) | undefined;
  readonly snapshots?: SnapshotOptions<State> | undefined;
}

/** Loads aggregates of one class from their streams and saves them, in the current session. */
export class AggregateRepository<State, E extends Event, A extends Aggregate<State, E>> {
  readonly #type: new () => A;
  readonly #options: AggregateRepositoryOptions<State>;
  // Which aggregate has which id; without it, saving would have to be told again.
  readonly #ids = new WeakMap<A, string>();

  constructor(type: new () => A, options: AggregateRepositoryOptions<State>) {
    this.#type = type;
    this.#options = options;
  }

  /** The aggregate with that id; a new one, at version 0, where there is none. */
  async load(id: string): Promise<A> {
    const aggregate = new this.#type();
    const { stream, snapshots } = this.#options;
    const { state, version } = await loadState(
      aggregateAccess.fold<State, E>(aggregate),
      stream(id),
      snapshots,
    );
    aggregateAccess.restore(aggregate, state, version);
    this.#ids.set(aggregate, id);
    return aggregate;
  }

  /**
   * Appends what the aggregate raised, at the version that it was loaded at.
   * @throws ProgrammingError `aggregate-not-loaded` for one that this repository did not load.
   */
  save(aggregate: A): void {
    const id = this.#ids.get(aggregate);
    if (id === undefined) {
      throw new ProgrammingError(
        'aggregate-not-loaded',
        'An aggregate is saved by the repository that loaded it; a new one is loaded too.',
      );
    }
    const { stream, partitionKey } = this.#options;
    const raised = aggregateAccess.takeRaised(aggregate);
    currentSession().append(stream(id), aggregate.version - raised.length, raised, {
      ...(partitionKey && { partitionKey: partitionKey(id) }),
    });
  }
}
