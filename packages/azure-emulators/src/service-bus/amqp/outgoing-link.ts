import rhea from 'rhea';
import type { ServiceBusError } from '../errors/service-bus-error.js';
import type { ServerDelivery, ServerReceiver, ServerSender } from './rhea-links.js';

/** rhea takes a credit away only as it writes a frame: what still waits to be written counts too. */
export function roomOf(link: ServerSender): number {
  const { outgoing } = link.session;
  const waiting = outgoing.next_delivery_id - outgoing.next_pending_delivery;
  return Math.min(link.credit - waiting, outgoing.available());
}

/** Lets the link answer a drain also when no credit is left: the client waits for the flag. */
export function answerDrains(link: ServerSender): void {
  link._get_drain = () => {
    if (!link._draining || !link._drained) return false;
    link.delivery_count += link.credit;
    link.credit = 0;
    link._draining = false;
    return true;
  };
  link.on('sender_draining', () => link.set_drained(true));
}

/** Keeps back the answer to an attach, which rhea would give by itself. `link.open()` gives it later. */
export function holdAttach(link: ServerSender): void {
  link.state.local_open = false;
  link.state.open_requests = 0;
}

/** The protocol's way to refuse a link: an answer without source and target, then its end with the reason. */
export function refuseLink(link: ServerSender | ServerReceiver, error: ServiceBusError): void {
  link.open();
  link.close(wireError(error));
}

export const wireError = ({ condition, description }: ServiceBusError) => ({ condition, description });

interface Outcome {
  described(): unknown;
}

/** What rhea's `message` has beyond its declarations. */
const outcomes = rhea.message as unknown as {
  accepted(): Outcome;
  rejected(fields: { error: object }): Outcome;
};

/** Tells the client that its wish is done, or why not. */
export function answerDelivery(delivery: ServerDelivery, error?: ServiceBusError): void {
  const outcome = error === undefined ? outcomes.accepted() : outcomes.rejected({ error: wireError(error) });
  delivery.update(true, outcome.described());
}

/** As `answerDelivery` for what the server sent; rhea's window would else wait for an answer to the answer. */
export function answerSettlement(delivery: ServerDelivery, error?: ServiceBusError): void {
  answerDelivery(delivery, error);
  delivery.remote_settled = true;
}
