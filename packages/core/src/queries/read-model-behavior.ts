import type { Injectable } from '../handlers/injection.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import { serviceOf } from '../handlers/service.js';
import { type ConsistencyToken, parseConsistency, type WrittenRange } from '../journal/consistency-token.js';
import { positionAt } from '../partitions/position.js';
import type { Behavior, HandlingContext, Step } from '../pipeline/behavior.js';
import type { Evidence, Freshness, Reached } from '../projections/freshness.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import type { OpenReadModels, ReadModelScope } from '../projections/read-model-scope.js';
import type { ServingCopies } from '../projections/serving-copies.js';
import { subscriptionNameOf } from '../projections/subscription-name.js';
import type { ReadModel } from '../read-models/read-model.js';
import type { Copy, ReadModelStore, RequiredFreshness } from '../read-models/read-model-store.js';

/** One copy of each read model that a query reads. */
type Copies = ReadonlyMap<ProjectionRegistration, Copy>;

/** What this behavior needs of a query's context. */
export interface ReadingContext extends HandlingContext {
  readonly tenant: string;
  readonly after: ConsistencyToken | undefined;
  readonly afterTimeoutInMs: number | undefined;
  /** Told to whoever keeps answers: how far the read models had come before the handler read them. */
  answeredAt: Reached | undefined;
  /** Told as well: which copies it read. */
  copies: string;
}

export interface ReadModelBehaviorOptions {
  readonly projections: readonly ProjectionRegistration[];
  readonly storeOf: (registration: ProjectionRegistration) => ReadModelStore;
  readonly serving: ServingCopies;
  readonly scope: ReadModelScope;
  readonly freshness: Freshness;
}

/**
 * Chooses one copy of each read model that a query reads, waits until it is as fresh as asked, and lets the handler
 * read that very copy. Queries that read none pass by.
 */
export function readModelBehavior<Context extends ReadingContext>(
  options: ReadModelBehaviorOptions,
): Behavior<Context> {
  return {
    name: 'read models',
    wrap(next, handler) {
      const read = projectionsReadBy(handler, options.projections);
      return read.length === 0 ? next : readingStep(next, read, isKept(handler), options);
    },
  };
}

/**
 * For whoever keeps answers: the copies that a handler's queries read now, in words, as their contexts will say them.
 * `undefined` for a handler that reads none.
 */
export function copiesReadBy(
  handler: Pick<MessageHandlerRegistration, 'inject'>,
  { projections, serving }: Pick<ReadModelBehaviorOptions, 'projections' | 'serving'>,
): (() => Promise<string>) | undefined {
  const read = projectionsReadBy(handler, projections);
  return read.length === 0 ? undefined : async () => inWords(await servingOf(read, serving));
}

/** The projections that a query handler reads: those in its inject list, and in those of the services in it. */
export function projectionsReadBy(
  handler: Pick<MessageHandlerRegistration, 'inject'>,
  projections: readonly ProjectionRegistration[],
): readonly ProjectionRegistration[] {
  const seen = new Set<Injectable>();
  const visit = (inject: readonly Injectable[]): void => {
    for (const target of inject) {
      if (seen.has(target)) continue;
      seen.add(target);
      visit(serviceOf(target)?.inject ?? []);
    }
  };
  visit(handler.inject ?? []);
  return projections.filter(({ token }) => seen.has(token));
}

/** Whether its answers are kept: then it must be known how fresh they are. */
function isKept(handler: MessageHandlerRegistration): boolean {
  return (handler as { readonly cache?: unknown }).cache !== undefined;
}

function readingStep<Context extends ReadingContext>(
  next: Step<Context>,
  read: readonly ProjectionRegistration[],
  kept: boolean,
  options: ReadModelBehaviorOptions,
): Step<Context> {
  const { serving, scope, freshness } = options;
  const waiting: Step<Context> = async (message, context) => {
    let copies = await servingOf(read, serving);
    const { after, afterTimeoutInMs: timeoutInMs, abortSignal } = context;
    let shown: Evidence = new Map();
    // While it waited, another copy may have come to be read: then that one must be as fresh.
    for (let waited: Copies | undefined; after !== undefined && !isSame(copies, waited); ) {
      waited = copies;
      shown = await freshness.waitUntil(subscriptionsOf(copies), after, { abortSignal, timeoutInMs });
      copies = await servingOf(read, serving);
    }
    if (kept) context.copies = inWords(copies);
    if (kept) context.answeredAt = await freshness.reached(subscriptionsOf(copies));
    const ranges = [...rangesIn(after), ...rangesUpTo(context.answeredAt)];
    const evidence = [shown, context.answeredAt?.evidence ?? new Map()];
    return scope.run(openAll(copies, { ranges, evidence }, context.tenant, options), () =>
      next(message, context),
    );
  };
  if (kept) return waiting;
  return (message, context) => {
    try {
      // Most queries ask for nothing in particular, of copies that are known: they wait for nothing.
      const open = context.after === undefined ? openKnown(read, context.tenant, options) : undefined;
      if (open === undefined) return waiting(message, context);
      return scope.run(open, () => next(message, context));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** The copies that serve, if all of them are known at once. */
function openKnown(
  read: readonly ProjectionRegistration[],
  tenant: string,
  { storeOf, serving }: ReadModelBehaviorOptions,
): OpenReadModels | undefined {
  const open = new Map<ProjectionRegistration, ReadModel<unknown>>();
  for (const registration of read) {
    const copy = serving.known(registration);
    if (copy === undefined) return undefined;
    open.set(registration, storeOf(registration).open(registration.definition, copy, tenant));
  }
  return open;
}

async function servingOf(read: readonly ProjectionRegistration[], serving: ServingCopies): Promise<Copies> {
  const copies = new Map<ProjectionRegistration, Copy>();
  for (const registration of read) copies.set(registration, await serving.of(registration));
  return copies;
}

function isSame(copies: Copies, others: Copies | undefined): boolean {
  return [...copies].every(([registration, { generation }]) => {
    return others?.get(registration)?.generation === generation;
  });
}

function subscriptionsOf(copies: Copies): readonly string[] {
  return [...copies.values()].map(subscriptionNameOf);
}

function inWords(copies: Copies): string {
  return subscriptionsOf(copies).join(' ');
}

function rangesIn(after: ConsistencyToken | undefined): readonly WrittenRange[] {
  return after === undefined ? [] : parseConsistency(after).ranges;
}

/** All that the answer says to hold, from the beginning. */
function rangesUpTo(reached: Reached | undefined): readonly WrittenRange[] {
  return [...(reached?.positions ?? [])].map(([partition, last]) => ({ partition, first: beginning, last }));
}

const beginning = positionAt(0, 0);

interface Required {
  readonly ranges: readonly WrittenRange[];
  readonly evidence: readonly Evidence[];
}

function openAll(
  copies: Copies,
  required: Required,
  tenant: string,
  { storeOf }: ReadModelBehaviorOptions,
): OpenReadModels {
  const open = new Map<ProjectionRegistration, ReadModel<unknown>>();
  for (const [registration, copy] of copies) {
    const atLeast = requiredOf(copy, required);
    open.set(registration, storeOf(registration).open(registration.definition, copy, tenant, atLeast));
  }
  return open;
}

function requiredOf(copy: Copy, { ranges, evidence }: Required): RequiredFreshness {
  const subscription = subscriptionNameOf(copy);
  const ofCopy = evidence.flatMap((bySubscription) => bySubscription.get(subscription) ?? []);
  return { subscription, ranges, evidence: ofCopy };
}
