import { readFile } from 'node:fs/promises';
import type { CosmosConfig } from '../cosmos/cosmos-options.js';
import { startCosmos } from '../cosmos/start-cosmos.js';
import type { EventGridConfig } from '../event-grid/event-grid-options.js';
import { startEventGrid } from '../event-grid/start-event-grid.js';
import { FaultPlan, type FaultPlanOptions } from '../faults/fault-plan.js';
import type { SearchConfig } from '../search/search-options.js';
import { startSearch } from '../search/start-search.js';
import type { EmulatorConfig } from '../service-bus/config/emulator-config.js';
import { startServiceBus } from '../service-bus/start-service-bus.js';

/** What the command line says, with the files it names read. */
export interface EmulatorArguments {
  readonly port: number;
  readonly config: unknown;
  readonly faults: FaultPlan;
  /** Where messages are kept. */
  readonly file: string | undefined;
}

export interface StartedEmulator {
  /** What clients need, a line each. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** The emulators that the command line can start, by name. */
export const emulators: Readonly<Record<string, (given: EmulatorArguments) => Promise<StartedEmulator>>> = {
  'service-bus': async ({ port, config, faults, file }) => {
    const bus = await startServiceBus({
      port,
      faults,
      config: (config ?? {}) as EmulatorConfig,
      ...(file !== undefined && { file }),
    });
    return { lines: [bus.connectionString], stop: () => bus.stop() };
  },
  'event-grid': async ({ port, config, faults }) => {
    const grid = await startEventGrid({ port, faults, config: (config ?? {}) as EventGridConfig });
    return { lines: [`Endpoint=${grid.endpoint};Key=${grid.key}`], stop: () => grid.stop() };
  },
  cosmos: async ({ port, config, faults }) => {
    const cosmos = await startCosmos({ port, faults, config: (config ?? {}) as CosmosConfig });
    return { lines: [cosmos.connectionString], stop: () => cosmos.stop() };
  },
  search: async ({ port, config, faults }) => {
    const search = await startSearch({ port, faults, config: (config ?? {}) as SearchConfig });
    return { lines: [`Endpoint=${search.endpoint};Key=${search.key}`], stop: () => search.stop() };
  },
};

export interface ArgumentTexts {
  readonly port?: string | undefined;
  readonly config?: string | undefined;
  readonly faults?: string | undefined;
  readonly file?: string | undefined;
}

/** Throws an error that says which argument or file is wrong. */
export async function readArguments(texts: ArgumentTexts): Promise<EmulatorArguments> {
  const port = Number(texts.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`'${texts.port}' is no port.`);
  const faults = await readJson(texts.faults);
  return {
    port,
    config: await readJson(texts.config),
    faults: new FaultPlan(faults as FaultPlanOptions),
    file: texts.file,
  };
}

async function readJson(path: string | undefined): Promise<unknown> {
  if (path === undefined) return undefined;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`The file ${path} cannot be read as JSON: ${(error as Error).message}`, { cause: error });
  }
}
