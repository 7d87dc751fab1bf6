import { badRequest } from '../errors/service-bus-error.js';

const part = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9_])?$/;

/** Throws for a name that the service would not take. Queues and topics may have several parts. */
export function assertEntityName(name: string): void {
  const isValid = name.length <= 260 && name.split('/').every((one) => part.test(one));
  if (!isValid || /\/subscriptions\//i.test(name)) throw badRequest(`'${name}' is no name for an entity.`);
}

/** Throws for a name that the service would not take. */
export function assertChildName(kind: 'subscription' | 'rule', name: string): void {
  const isValid = name.length <= 50 && /^[\w$](?:[\w.$-]*\w)?$/.test(name);
  if (!isValid) throw badRequest(`'${name}' is no name for a ${kind}.`);
}
