import type { LinkContext } from '../amqp/link-context.js';
import type { RequestHandler } from '../amqp/request-link.js';
import { notImplemented, type ServiceBusError } from '../errors/service-bus-error.js';
import { messageOperations } from './message-operations.js';
import type { Operation } from './operation.js';
import { ruleOperations } from './rule-operations.js';
import { sessionOperations } from './session-operations.js';

const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...messageOperations, ...sessionOperations, ...ruleOperations }).map(
    ([name, operation]) => [`com.microsoft:${name}`, operation],
  ),
);

/** HTTP's codes for the conditions of errors; anything else is a bad request. */
const statusCodes: Readonly<Record<string, number>> = {
  'amqp:not-found': 404,
  'com.microsoft:message-not-found': 404,
  'amqp:unauthorized-access': 401,
  'amqp:resource-limit-exceeded': 403,
  'com.microsoft:entity-disabled': 403,
  'com.microsoft:timeout': 408,
  'com.microsoft:entity-already-exists': 409,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:session-cannot-be-locked': 410,
  'amqp:internal-error': 500,
  'amqp:not-implemented': 501,
  'com.microsoft:server-busy': 503,
};

/** The node `<entity>/$management`: what has to be asked for, apart from sending and receiving. */
export function managementNode(context: LinkContext, address: string): RequestHandler {
  const path = address.replace(/\/\$management$/i, '');
  return {
    answer({ applicationProperties, body }) {
      const name = String(applicationProperties.operation);
      const operation = operations.get(name);
      if (operation === undefined) throw notImplemented(`There is no operation '${name}'.`);
      context.assertAllowed(address, operation.rights);
      const request = { namespace: context.namespace, path, body: (body ?? {}) as Record<string, unknown> };
      const answer = operation.perform(request);
      return response(answer === undefined ? 204 : 200, 'OK', '', answer ?? {});
    },
    refusal: ({ condition, description }: ServiceBusError) =>
      response(statusCodes[condition] ?? 400, description, condition, {}),
  };
}

function response(code: number, description: string, condition: string, body: object) {
  const applicationProperties = {
    statusCode: code,
    statusDescription: description,
    errorCondition: condition,
    'com.microsoft:status-code': code,
  };
  return { applicationProperties, body };
}
