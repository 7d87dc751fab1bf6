import rhea from 'rhea';
import { badRequest, ServiceBusError } from '../errors/service-bus-error.js';
import { withFaults } from './fault-injection.js';
import type { LinkContext } from './link-context.js';
import { answerDelivery } from './outgoing-link.js';
import type { ServerDelivery, ServerReceiver, ServerSender } from './rhea-links.js';

interface Request {
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

interface Response {
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Answers requests: `answer` does what is asked, `refusal` tells of an error. */
export interface RequestHandler {
  answer(request: Request): Response;
  refusal(error: ServiceBusError): Response;
}

/** Opens a link for requests. Replies go over the link that the client receives on in the same AMQP session. */
export function openRequestLink(
  context: LinkContext,
  link: ServerReceiver,
  { answer, refusal }: RequestHandler,
): void {
  link.set_target({ address: link.target.address });
  link.on('message', (event: unknown) => {
    const { delivery, message } = event as { delivery: ServerDelivery; message: Buffer };
    answerDelivery(delivery);
    const request = decoded(message);
    const reply = ({ applicationProperties, body }: Response) => {
      const response = {
        correlation_id: request.message_id,
        application_properties: applicationProperties,
        body: body ?? null,
      };
      const sent = replyLink(link)?.send(response as never) as { settled: boolean } | undefined;
      // Nobody says of an answer that it has come: unsettled ones would fill the window in the end.
      if (sent !== undefined) sent.settled = true;
    };
    const entity = link.target.address;
    const refuse = (error: ServiceBusError) => reply(refusal(error));
    withFaults('request', { connection: context, link, entity, refuse }, () => {
      const { application_properties: applicationProperties = {}, body } = request;
      const response = answer({ applicationProperties, body });
      return () => reply(response);
    });
  });
}

/** Opens the link that replies go over. */
export function openReplyLink(link: ServerSender): void {
  link.set_source({ address: link.source.address });
}

function replyLink(link: ServerReceiver): ServerSender | undefined {
  return Object.values(link.session.links).find((other): other is ServerSender => other.is_sender());
}

interface DecodedRequest {
  readonly message_id?: unknown;
  readonly application_properties?: Record<string, unknown>;
  readonly body?: unknown;
}

function decoded(bytes: Buffer): DecodedRequest {
  try {
    return rhea.message.decode(bytes) as unknown as DecodedRequest;
  } catch (error) {
    throw badRequest(`The request cannot be decoded: ${(error as Error).message}`);
  }
}
