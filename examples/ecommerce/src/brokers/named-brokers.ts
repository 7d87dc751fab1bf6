import type { ShopOptions } from '../shop-options.js';
import { startEmulator } from './emulators.js';
import { noBrokers, type ShopBrokers } from './shop-brokers.js';

/** The brokers that the options name. What is not used is not loaded either. */
export async function namedBrokers(
  { profile, serviceBus }: Pick<ShopOptions, 'profile' | 'serviceBus'>,
  stderr: { write(text: string): unknown },
): Promise<ShopBrokers> {
  if (serviceBus !== undefined) return serviceBusAt(serviceBus);
  if (profile !== 'emulated') return noBrokers;
  const emulator = await startEmulator('service-bus');
  stderr.write(`SHOP_SERVICE_BUS='${emulator.connectionString}'\n`);
  const brokers = await serviceBusAt(emulator.connectionString);
  return {
    ...brokers,
    async close() {
      await brokers.close();
      await emulator.stop();
    },
  };
}

async function serviceBusAt(connectionString: string): Promise<ShopBrokers> {
  const { serviceBusBrokers } = await import('./service-bus-brokers.js');
  return serviceBusBrokers(connectionString);
}
