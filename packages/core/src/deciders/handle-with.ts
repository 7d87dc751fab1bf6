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
 * A command handler made of a decider: for `commandHandler(Receive, handleWith(stock, { stream: … }))`, or as the
 * `handle` of a handler class.
 */
export function handleWith<State, C, E extends Event, Handled extends C = C, Result = void>(
  decider: Decider<State, C, E>,
  options: HandleWithOptions<State, E, Handled, Result>,
): (command: Handled) => Promise<Result> {
  const { stream, partitionKey, snapshots, result } = options;
  return async (command) => {
    const decided = await decideAndAppend(decider, stream(command), command, {
      partitionKey: partitionKey?.(command),
      snapshots,
    });
    // Without `result` the command has none, and `Result` is void.
    return result?.(decided, command) as Result;
  };
}
