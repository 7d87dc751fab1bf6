import { randomUUID } from 'node:crypto';
import type { ReceiveSource } from '../entities/locate.js';
import { badRequest, entityDisabled, entityNotFound, notAllowed } from '../errors/service-bus-error.js';
import type { Receiver, StoredMessage } from '../queues/stored-message.js';
import { encodeDelivery } from './delivery-codec.js';
import { withFaults } from './fault-injection.js';
import type { LinkContext, OpenLink } from './link-context.js';
import { tagOf, tokenFromTag } from './lock-token.js';
import { answerDrains, answerSettlement, roomOf, wireError } from './outgoing-link.js';
import type { ServerDelivery, ServerSender } from './rhea-links.js';
import { type Outcome, type OutcomeName, settle } from './settlement.js';

/** A link on which a client receives, and settles what it has received. */
export class ReceiveLink implements Receiver, OpenLink {
  private readonly closeEntity: () => void;

  constructor(
    protected readonly context: LinkContext,
    protected readonly link: ServerSender,
    protected readonly source: ReceiveSource,
  ) {
    const { status } = source.entity.settings;
    if (status === 'Disabled' || status === 'ReceiveDisabled') throw entityDisabled(source.entity.path);
    const gone = () => link.close(wireError(entityNotFound(source.entity.path)));
    this.closeEntity = source.entity.open(gone);
    link.local.attach.snd_settle_mode = link.snd_settle_mode;
    link.local.attach.rcv_settle_mode = link.rcv_settle_mode;
    answerDrains(link);
    for (const name of ['accepted', 'released', 'modified', 'rejected'] as const) {
      link.on(name, ({ delivery }) => this.settle(delivery as ServerDelivery, name));
    }
  }

  get deletes(): boolean {
    return this.link.snd_settle_mode === 1;
  }

  room(): number {
    return this.link.is_open() ? roomOf(this.link) : 0;
  }

  deliver(message: StoredMessage): void {
    const token = message.lock?.token ?? randomUUID();
    this.source.entity.touch();
    const bytes = encodeDelivery(message);
    withFaults('deliver', this.target(token), () => () => {
      // One that a fault sends twice takes two places.
      if (roomOf(this.link) > 0) this.link.send(bytes, tagOf(token), 0);
    });
  }

  closed(): void {
    this.closeEntity();
  }

  private settle(delivery: ServerDelivery, name: OutcomeName): void {
    const token = tokenFromTag(delivery.tag as Buffer);
    const refuse = (error: Parameters<typeof wireError>[0]) => answerSettlement(delivery, error);
    withFaults('settle', { ...this.target(token), refuse }, () => {
      settle(this.source.queue, token, name, (delivery.remote_state ?? {}) as Outcome);
      return () => answerSettlement(delivery);
    });
  }

  private target(token: string) {
    const { queue } = this.source;
    const loseLock = () => queue.loseLock(token);
    return { connection: this.context, link: this.link, entity: queue.path, loseLock };
  }
}

/** Opens a link that receives from all of a queue. */
export function openReceiveLink(context: LinkContext, link: ServerSender, source: ReceiveSource): OpenLink {
  const { queue } = source;
  if (queue.behavior.requiresSession) {
    throw notAllowed(`It is not possible to receive from '${queue.path}' without accepting a session.`);
  }
  if (link.source.filter !== undefined && 'com.microsoft:session-filter' in link.source.filter) {
    throw notAllowed(`The entity '${queue.path}' has no sessions.`);
  }
  if (typeof link.source.address !== 'string') throw badRequest('A link needs an address.');
  const receiver = new ReceiveLink(context, link, source);
  link.set_source({ address: link.source.address });
  link.on('sender_flow', () => queue.deliver());
  queue.lane.attach(receiver);
  return {
    closed() {
      queue.lane.detach(receiver);
      receiver.closed();
    },
  };
}
