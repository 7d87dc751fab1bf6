import type { Transport } from '@diptych/core';
import { around } from '../around.js';
import type { Fuse } from './fuse.js';

export function steppedTransport(transport: Transport, fuse: Fuse): Transport {
  return around(transport, {
    async publish(topic, partition, messages) {
      await transport.publish(topic, partition, messages);
      fuse.pass('after publishing');
    },
  });
}
