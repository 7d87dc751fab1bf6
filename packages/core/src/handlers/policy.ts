import type { MessageMeta } from '../messages/envelope.js';

/** Who asks, for what. */
export type PolicyContext = Pick<MessageMeta, 'subject' | 'tenant' | 'name' | 'id'>;

/** Decides whether a message may be handled. Nothing is exposed without one. */
export interface Policy<M = unknown> {
  /** How `app.describe()` calls it. */
  readonly name: string;
  /** Whether callers from outside the process may ask at all. */
  readonly reach: 'public' | 'internal';
  allows: (message: M, context: PolicyContext) => boolean | Promise<boolean>;
}

/** A policy of the program's own. */
export function policy<M>(name: string, allows: Policy<M>['allows']): Policy<M> {
  return { name, reach: 'public', allows };
}

/** Everybody may, without saying who they are. */
export const anyone: Policy = policy('anyone', () => true);
/** Whoever has said who they are. */
export const authenticated: Policy = policy('authenticated', (_message, { subject }) => {
  // Programs without types may give an id that is none.
  return typeof subject.id === 'string' && subject.id !== '';
});
/** Only this process and what it sends itself; HTTP does not even show the message. */
export const internal: Policy = { name: 'internal', reach: 'internal', allows: () => true };
/** Whoever has at least one of these roles. */
export function hasRole(...roles: readonly string[]): Policy {
  return policy(`hasRole(${roles.join(', ')})`, (_message, { subject }) =>
    subject.roles.some((role) => roles.includes(role)),
  );
}
