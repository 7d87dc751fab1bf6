import type { Event } from '../messages/message.js';
import { type Decided, decideAndAppend } from './decide-and-append.js';
import type { Decider } from './decider.js';
import type { SnapshotOptions } from './snapshot-options.js';

export interface HandleWithOptions<State, E extends Event, Handled, Result> {
  /** The stream that a command is for. */
  readonly stream: (command: Handled) => string;
  /** What decides the stream's partition. Default: its name. */
  readonly partitionKey?: ((command: Handled) => string) | undefined;
  readonly snapshots?: SnapshotOptions<State> | undefined;
  /** Makes the command's result of the decision. Default: there is none. */
  readonly result?: ((decided: Decided<State, E>, command: Handled) => Result) | undefined;
}

/**
 * A command handler made of a decider: for `commandHandler(Receive, { authorize: … }, handleWith(stock, { stream: … }))`,
 * or as the `handle` of a handler class. A command that declares a result with `returns` needs `result`.
 */
export function handleWith<State, C, E extends Event, Result, Handled extends C = C>(
  decider: Decider<State, C, E>,
  options: HandleWithOptions<State, E, Handled, Result> & {
    readonly result: (decided: Decided<State, E>, command: Handled) => Result;
  },
): (command: Handled) => Promise<Result>;
export function handleWith<State, C, E extends Event, Handled extends C = C>(
  decider: Decider<State, C, E>,
  options: HandleWithOptions<State, E, Handled, void> & { readonly result?: undefined },
): (command: Handled) => Promise<void>;
export function handleWith<State, C, E extends Event, Handled extends C>(
  decider: Decider<State, C, E>,
  options: HandleWithOptions<State, E, Handled, unknown>,
): (command: Handled) => Promise<unknown> {
  const { stream, partitionKey, snapshots, result } = options;
  return async (command) => {
    const decided = await decideAndAppend(decider, stream(command), command, {
      partitionKey: partitionKey?.(command),
      snapshots,
    });
    return result?.(decided, command);
  };
}
