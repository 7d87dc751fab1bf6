import type { CommandBus, DispatchOptions, SendCommandOptions } from '../commands/command-bus.js';
import type { Receipt } from '../commands/receipt.js';
import type { Command, Query, ResultOf } from '../messages/message.js';
import type { ExecuteQueryOptions, QueryBus } from '../queries/query-bus.js';
import type { InFlight } from './in-flight.js';

/** The command bus of an app: what goes through it is waited for when the app stops. */
export class CountedCommandBus implements CommandBus {
  readonly #bus: CommandBus;
  readonly #inFlight: InFlight;

  constructor(bus: CommandBus, inFlight: InFlight) {
    this.#bus = bus;
    this.#inFlight = inFlight;
  }

  dispatch<C extends Command>(command: C, options?: DispatchOptions): Promise<Receipt<ResultOf<C>>> {
    return this.#inFlight.run(() => this.#bus.dispatch(command, options));
  }

  execute<C extends Command>(command: C, options?: DispatchOptions): Promise<ResultOf<C>> {
    return this.#inFlight.run(() => this.#bus.execute(command, options));
  }

  send(command: Command, options?: SendCommandOptions): Promise<{ readonly messageId: string }> {
    return this.#inFlight.run(() => this.#bus.send(command, options));
  }
}

/** The query bus of an app, likewise. */
export class CountedQueryBus implements QueryBus {
  readonly #bus: QueryBus;
  readonly #inFlight: InFlight;

  constructor(bus: QueryBus, inFlight: InFlight) {
    this.#bus = bus;
    this.#inFlight = inFlight;
  }

  execute<Q extends Query>(query: Q, options?: ExecuteQueryOptions): Promise<ResultOf<Q>> {
    return this.#inFlight.run(() => this.#bus.execute(query, options));
  }
}
