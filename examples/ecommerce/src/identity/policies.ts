import { type Policy, policy, system } from '@diptych/core';

/** The role of those who run the shop: they may ask about, and order for, every customer. */
export const operatorRole = 'operator';

/** The program itself may what operators may. */
const trustedRoles: readonly string[] = [operatorRole, ...system.roles];

interface OfCustomer {
  readonly customerId: string;
}

// #region same-customer
/** The customer of whom the message speaks, or an operator. */
export const sameCustomer: Policy<OfCustomer> = policy(
  'sameCustomer',
  ({ customerId }, { subject }) =>
    isTrusted(subject.roles) || (subject.id !== '' && subject.id === customerId),
);
// #endregion

/** As `sameCustomer`; a message that names no customer passes too, for the domain to refuse. */
export const sameOrNoCustomer: Policy<OfCustomer> = policy('sameOrNoCustomer', (message, context) =>
  message.customerId === '' ? context.subject.id !== '' : sameCustomer.allows(message, context),
);

/** Those who run the shop, and the program itself. */
export const operator: Policy<unknown> = policy('operator', (_message, { subject }) =>
  isTrusted(subject.roles),
);

/** Whether somebody acts for the shop: only what such people say of products goes into the catalogue. */
export function isTrusted(roles: readonly string[]): boolean {
  return roles.some((role) => trustedRoles.includes(role));
}
