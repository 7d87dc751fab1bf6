import type { FaultPlan } from '../../faults/fault-plan.js';
import type { Claim, Right } from '../access/shared-access-keys.js';
import type { Namespace } from '../entities/namespace.js';

/** What the rooms behind a client's connection may use of it. */
export interface LinkContext {
  readonly namespace: Namespace;
  readonly faults: FaultPlan;
  /** What the client may do, by the tokens that it has put. */
  readonly claims: Map<string, Claim>;
  /** Throws `unauthorized-access` unless the client may do one of these to the entity. */
  assertAllowed(entity: string, rights: readonly Right[]): void;
  /** Destroys the client's socket. */
  cut(): void;
}

/** An open link, by what there is to do at its end. */
export interface OpenLink {
  closed(): void;
}
