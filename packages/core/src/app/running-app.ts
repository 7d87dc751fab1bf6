import { sleep } from '../clock/clock.js';
import type { CommandBus } from '../commands/command-bus.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { QueryBus } from '../queries/query-bus.js';
import type { Pump } from '../subscriptions/pump.js';
import type { App, ExposedMessage, StopOptions } from './app.js';
import type { AppDescription } from './app-description.js';
import type { AppParts } from './app-parts.js';
import type { BackgroundPump } from './background-pump.js';
import { type CommandStatus, commandStatus, type SentCommand } from './command-status.js';
import { CountedCommandBus, CountedQueryBus } from './counted-buses.js';
import { InFlight } from './in-flight.js';
import type { Operations } from './operations.js';
import type { RunningSubscriptions } from './running-subscriptions.js';
import { exportStaleness } from './staleness-metrics.js';

export interface RunningAppOptions {
  readonly parts: AppParts;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly operations: Operations;
  readonly running: RunningSubscriptions;
  /** Opens the subscriptions of the roles and what else runs by itself. Called once, by `start`. */
  readonly openPumps: () => Promise<readonly BackgroundPump[]>;
  readonly describe: () => AppDescription;
  readonly ready: () => Promise<boolean>;
}

const defaultDrainInMs = 10_000;

/** An app whose parts have been put together. */
export class RunningApp implements App {
  readonly name: string;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly operations: Operations;
  readonly messages: App['messages'];
  readonly #options: RunningAppOptions;
  readonly #commandsInFlight = new InFlight();
  readonly #queriesInFlight = new InFlight();
  #background: readonly BackgroundPump[] = [];
  #endMetrics: (() => void) | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: RunningAppOptions) {
    this.#options = options;
    this.name = options.parts.options.name;
    this.commands = new CountedCommandBus(options.commands, this.#commandsInFlight);
    this.queries = new CountedQueryBus(options.queries, this.#queriesInFlight);
    this.operations = options.operations;
    this.messages = exposedMessages(options.parts);
  }

  start(): Promise<void> {
    if (this.#stopped !== undefined) return Promise.reject(appOver());
    this.#started ??= this.#start();
    return this.#started;
  }

  stop(options: StopOptions = {}): Promise<void> {
    this.#stopped ??= this.#stop(options);
    return this.#stopped;
  }

  pumps(): readonly Pump[] {
    return [...this.#background, ...this.#options.running.all];
  }

  inFlight(): ReturnType<App['inFlight']> {
    return { commands: this.#commandsInFlight.count, queries: this.#queriesInFlight.count };
  }

  describe(): AppDescription {
    return this.#options.describe();
  }

  ready(): Promise<boolean> {
    return this.#options.ready();
  }

  commandStatus(messageId: string, sent: SentCommand): Promise<CommandStatus> {
    const { options, journal } = this.#options.parts;
    return commandStatus(options.database, journal.incarnation, messageId, sent);
  }

  async #start(): Promise<void> {
    const { running, openPumps } = this.#options;
    this.#background = await openPumps();
    // One turn each before anything else: an app that has started has its read models open.
    for (const pump of this.#background) await pump.turn();
    for (const runner of running.all) runner.start();
    for (const pump of this.#background) pump.start();
    const { telemetry } = this.#options.parts.options;
    this.#endMetrics = telemetry && exportStaleness(telemetry, this.operations);
  }

  async #stop({ drainInMs = defaultDrainInMs }: StopOptions): Promise<void> {
    const { running, parts } = this.#options;
    this.#commandsInFlight.close();
    this.#queriesInFlight.close();
    await this.#started?.catch(() => undefined);
    this.#endMetrics?.();
    const giveUp = new AbortController();
    const drained = this.#drain().finally(() => giveUp.abort());
    const tooLong = sleep(parts.clock, drainInMs, giveUp.signal).then(() => {
      if (giveUp.signal.aborted) return;
      for (const runner of running.all) runner.abort();
    });
    await Promise.all([drained, tooLong]);
  }

  async #drain(): Promise<void> {
    await Promise.all([this.#commandsInFlight.empty(), this.#queriesInFlight.empty()]);
    await Promise.all(this.#background.map((pump) => pump.stop()));
    await this.#options.running.closeAll();
  }
}

function appOver(): ProgrammingError {
  return new ProgrammingError(
    'app-over',
    'An app that was stopped cannot be started again; make another one.',
  );
}

function exposedMessages({ registrations, roles }: AppParts): App['messages'] {
  const found = new Map<string, ExposedMessage>();
  for (const { message, authorize } of roles.has('commands') ? registrations.commands : []) {
    found.set(`command ${message.wireName}`, {
      type: message,
      reach: authorize?.reach ?? 'internal',
      cacheControl: undefined,
    });
  }
  for (const { message, authorize, cacheControl } of roles.has('queries') ? registrations.queries : []) {
    found.set(`query ${message.wireName}`, {
      type: message,
      reach: authorize?.reach ?? 'internal',
      cacheControl,
    });
  }
  return { find: (kind, wireName) => found.get(`${kind} ${wireName}`) };
}
