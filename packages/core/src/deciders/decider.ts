import type { Event } from '../messages/message.js';
import type { StateFold } from './fold.js';

/** A model without side effects: what a command means for a state, and what an event makes of it. */
export interface Decider<State, C, E extends Event> extends StateFold<State, E> {
  /** The events that the command brings about; none when nothing changes. Throws a RefusedError to say no. */
  readonly decide: (command: C, state: State) => readonly E[];
}

/**
 * Makes a decider; its only work is to let the types be inferred.
 *
 * @example
 * const stock = decider({
 *   initialState: () => 0,
 *   decide: (command: Receive, onHand) => [new Received({ quantity: command.quantity })],
 *   evolve: (onHand, event: Received) => onHand + event.quantity,
 * });
 */
export function decider<State, C, E extends Event>(parts: Decider<State, C, E>): Decider<State, C, E> {
  return parts;
}
