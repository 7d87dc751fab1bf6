import { deepStrictEqual } from 'node:assert';
import type { Decider, Event } from '@diptych/core';
import { comparable } from './comparable.js';
import { assertFailure, type ExpectedFailure } from './expected-failure.js';

/**
 * Given/when/then for a decider, without a store and without waiting:
 * `deciderScenario(stock).given(new Received(…)).when(new Take(…)).thenEvents(new Taken(…))`.
 */
export function deciderScenario<State, C, E extends Event>(
  decider: Decider<State, C, E>,
): DeciderGiven<State, C, E> {
  return { given: (...events) => ({ when: (command) => new DeciderDecision(decider, events, command) }) };
}

export interface DeciderGiven<State, C, E extends Event> {
  /** What has happened before; nothing at all where it is left empty. */
  given(...events: readonly E[]): { when(command: C): DeciderDecision<State, C, E> };
}

/** What a decider made of a command. */
export class DeciderDecision<State, C, E extends Event> {
  readonly #decider: Decider<State, C, E>;
  readonly #given: readonly E[];
  readonly #command: C;

  constructor(decider: Decider<State, C, E>, given: readonly E[], command: C) {
    this.#decider = decider;
    this.#given = given;
    this.#command = command;
  }

  /** @throws AssertionError when other events come of it; what the decider throws. */
  thenEvents(...expected: readonly E[]): void {
    deepStrictEqual(this.#decide().map(comparable), expected.map(comparable));
  }

  /** @throws AssertionError when anything comes of it. */
  thenNothing(): void {
    this.thenEvents();
  }

  /** @throws AssertionError when the state afterwards is another. */
  thenState(expected: State): void {
    deepStrictEqual(this.#decide().reduce(this.#decider.evolve, this.#state()), expected);
  }

  /** @throws AssertionError when the command is not refused, or with another code or error. */
  thenFails(expected: ExpectedFailure): void {
    let failure: unknown;
    try {
      this.#decide();
    } catch (error) {
      failure = error;
    }
    assertFailure(failure, expected);
  }

  #decide(): readonly E[] {
    return this.#decider.decide(this.#command, this.#state());
  }

  #state(): State {
    return this.#given.reduce(this.#decider.evolve, this.#decider.initialState());
  }
}
