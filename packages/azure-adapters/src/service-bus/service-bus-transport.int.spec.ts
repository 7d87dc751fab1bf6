import { queueContract, transportContract } from '@diptych/testing/contracts';
import { emulatedServiceBus, lockInMs } from '../fixtures/emulated-service-bus.js';

async function open() {
  const { open: openTransport, ...emulated } = await emulatedServiceBus();
  const transport = openTransport();
  return { transport, queues: transport, lockInMs, ...emulated };
}

transportContract('service bus', { open });
queueContract('service bus', { open });
