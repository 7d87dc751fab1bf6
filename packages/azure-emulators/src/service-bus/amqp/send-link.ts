import type { Sendable } from '../entities/sendable.js';
import type { UsedEntity } from '../entities/used-entity.js';
import { entityNotFound } from '../errors/service-bus-error.js';
import { decodeTransfer } from '../messages/transfer.js';
import { withFaults } from './fault-injection.js';
import type { LinkContext, OpenLink } from './link-context.js';
import { answerDelivery, wireError } from './outgoing-link.js';
import type { ServerDelivery, ServerReceiver } from './rhea-links.js';

interface Transfer {
  readonly delivery: ServerDelivery;
  /** The bytes as they came: the connection sees to it that rhea leaves them alone. */
  readonly message: Buffer;
}

/** Opens a link on which a client sends to a queue or topic. */
export function openSendLink(
  context: LinkContext,
  link: ServerReceiver,
  entity: Sendable & UsedEntity,
): OpenLink {
  entity.sending.assertEnabled();
  link.local.attach.max_message_size = entity.sending.maxMessageSizeInBytes;
  link.set_target({ address: link.target.address });
  const closed = entity.open(() => link.close(wireError(entityNotFound(entity.path))));
  link.on('message', (transfer: unknown) => {
    const { delivery, message } = transfer as Transfer;
    const refuse = (error: Parameters<typeof wireError>[0]) => answerDelivery(delivery, error);
    withFaults('send', { connection: context, link, entity: entity.path, refuse }, () => {
      entity.send(decodeTransfer(message, delivery.format ?? 0));
      return () => answerDelivery(delivery);
    });
  });
  return { closed };
}
