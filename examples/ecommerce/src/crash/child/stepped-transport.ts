import type { Transport } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Fuse } from './fuse.js';

export function steppedTransport(transport: Transport, fuse: Fuse): Transport {
  return standIn(transport, {
    async publish(topic, partition, messages) {
      await transport.publish(topic, partition, messages);
      fuse.pass('after publishing');
    },
  });
}
