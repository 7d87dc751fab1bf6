import type { Event } from '../messages/message.js';
import type { StateFold } from './fold.js';

/** What only the repository may do with an aggregate. */
export interface AggregateAccess {
  /** Sets the state as it is stored. */
  restore<State, E extends Event>(aggregate: Aggregate<State, E>, state: State, version: number): void;
  fold<State, E extends Event>(aggregate: Aggregate<State, E>): StateFold<State, E>;
  /** The events raised since the last time. */
  takeRaised<State, E extends Event>(aggregate: Aggregate<State, E>): readonly E[];
}

/** Filled by the class itself, the only place that sees its private parts. Not exported from the package. */
export let aggregateAccess: AggregateAccess;

/**
 * An event-sourced object: its methods look at `state` and `raise` events, and only events change the state.
 *
 * @example
 * class Stock extends Aggregate<number, Received | Shipped> {
 *   initialState() { return 0; }
 *   evolve(onHand: number, event: Received | Shipped) { … }
 *   receive(quantity: number) { this.raise(new Received({ quantity })); }
 * }
 */
export abstract class Aggregate<State, E extends Event> {
  #state: State | undefined;
  #version = 0;
  #raised: E[] = [];

  protected abstract initialState(): State;
  /** The state after an event. Must not change the one before. */
  protected abstract evolve(state: State, event: E): State;

  /** How many events the state comes from, those just raised included; 0 for one that does not exist yet. */
  get version(): number {
    return this.#version;
  }

  protected get state(): State {
    this.#state ??= this.initialState();
    return this.#state;
  }

  /** Adds events, which change the state at once and are written when the aggregate is saved. */
  protected raise(...events: readonly E[]): void {
    for (const event of events) {
      this.#state = this.evolve(this.state, event);
      this.#version++;
      this.#raised.push(event);
    }
  }

  static {
    aggregateAccess = {
      restore(aggregate, state, version) {
        aggregate.#state = state;
        aggregate.#version = version;
      },
      fold: (aggregate) => ({
        initialState: () => aggregate.initialState(),
        evolve: (state, event) => aggregate.evolve(state, event),
      }),
      takeRaised(aggregate) {
        const raised = aggregate.#raised;
        aggregate.#raised = [];
        return raised;
      },
    };
  }
}
