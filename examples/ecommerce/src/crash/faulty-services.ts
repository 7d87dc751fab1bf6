import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redisOf } from '../read-models/read-model-connections.js';
import { startEmulator } from '../services/emulators.js';

// Seldom enough that most of what is asked goes well, and often enough that each happens many times in a run.
const faults = {
  'service-bus': [
    { on: 'send', fault: 'cut-connection', chance: 0.004, afterEffect: true },
    { on: 'settle', fault: 'cut-connection', chance: 0.001 },
    { on: 'send', fault: 'duplicate', chance: 0.02 },
    { on: 'deliver', fault: 'duplicate', chance: 0.01 },
    { on: 'deliver', fault: 'lose-lock', chance: 0.002 },
  ],
  cosmos: [
    { on: 'batch', fault: 'cut-connection', chance: 0.01, afterEffect: true },
    { on: 'batch', fault: 'throttle', chance: 0.02 },
    { on: 'read', fault: 'unavailable', chance: 0.005 },
    { on: 'query', fault: 'delay', chance: 0.02 },
  ],
  search: [
    { on: 'write', fault: 'cut-connection', chance: 0.004, afterEffect: true },
    { on: 'write', fault: 'delay', chance: 0.02 },
    { on: 'request', fault: 'unavailable', chance: 0.004 },
  ],
} as const;

const variables = {
  'service-bus': 'SHOP_SERVICE_BUS',
  cosmos: 'SHOP_COSMOS',
  search: 'SHOP_SEARCH',
} as const;
const services = ['service-bus', 'cosmos', 'search'] as const;

/** Services of Azure between the shops and behind them: they outlive the shops. */
export interface Services {
  /** What tells shops where they are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves with what each of them did wrong. */
  stop(): Promise<readonly string[]>;
}

/** Whatever the machine's environment names is not for these shops. */
const unnamed = { SHOP_SERVICE_BUS: '', SHOP_COSMOS: '', SHOP_SEARCH: '', SHOP_REDIS: '' };

export const noServices: Services = { environment: unnamed, stop: async () => [] };

/** In processes of their own, where things go wrong by that seed; and a Redis, where there is one. */
export async function startFaultyServices(folder: string, seed: number): Promise<Services> {
  const redis = await redisOf({ profile: 'emulated', redis: undefined }, () => {});
  const running = await Promise.all(
    services.map(async (service) => {
      const file = join(folder, `${service}-faults.json`);
      await writeFile(file, JSON.stringify({ seed, rules: faults[service] }));
      return { service, emulator: await startEmulator(service, file) };
    }),
  );
  return {
    environment: {
      ...unnamed,
      ...(redis && { SHOP_REDIS: redis.to }),
      ...Object.fromEntries(
        running.map(({ service, emulator }) => [variables[service], emulator.connectionString]),
      ),
    },
    async stop() {
      await redis?.close();
      return Promise.all(
        running.map(async ({ service, emulator }) => `${service}: ${await emulator.stop()}`),
      );
    },
  };
}
