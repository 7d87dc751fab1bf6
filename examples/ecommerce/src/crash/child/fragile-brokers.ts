import type { QueueTransport } from '@diptych/core';
import { memoryTransport } from '@diptych/core/memory';
import { standIn } from '@diptych/testing';
import { namedBrokers } from '../../brokers/named-brokers.js';
import type { ShopBrokers } from '../../brokers/shop-brokers.js';
import { tellOn } from '../../services/connections.js';
import type { ShopOptions } from '../../shop-options.js';
import type { Fuse } from './fuse.js';
import { steppedTransport } from './stepped-transport.js';

/** The shop's brokers, with a fuse behind each publication. */
export async function fragileBrokers(options: ShopOptions, fuse: Fuse): Promise<ShopBrokers> {
  const { transport, queues, close } = await namedBrokers(options, tellOn(process.stderr));
  return {
    // Without a broker each process has a transport of its own, so it can only wake: what it says of order holds
    // within it alone.
    transport: steppedTransport(transport ?? memoryTransport({ ordered: false }), fuse),
    ...(queues && { queues: steppedQueues(queues, fuse) }),
    close,
  };
}

function steppedQueues(queues: QueueTransport, fuse: Fuse): QueueTransport {
  return standIn(queues, {
    async send(queue, partition, messages) {
      await queues.send(queue, partition, messages);
      fuse.pass('after publishing');
    },
  });
}
