import type { Copy, CopyInfo, CopyState, ReadModelIndex } from '@diptych/core';
import { stored } from '@diptych/core';
import { itemName } from './item-names.js';
import type { ItemAddress, PartitionBy } from './placement.js';

/** A copy as its documents know it. Its id is never given again. */
export interface HeldCopy {
  readonly id: string;
  /** That it was made with, and is kept by. */
  readonly indexes: Readonly<Record<string, ReadModelIndex>>;
  readonly partitionBy: PartitionBy;
}

/** A copy as it is listed. Times are the service's, in milliseconds since the Unix epoch. */
export interface ListedCopy extends HeldCopy {
  readonly version: number;
  readonly generation: number;
  readonly state: CopyState;
  readonly since: number;
}

/** What was left of a copy that was dropped is looked for once more later: a writer may have been held up. */
export interface DroppedCopy {
  readonly id: string;
  readonly since: number;
}

/** All copies of a model: one item, so that each change of them is one conditional write. */
export interface CopiesItem {
  readonly id: string;
  readonly copy: string;
  readonly tenant: string;
  readonly place: string;
  readonly model: string;
  readonly copies: readonly ListedCopy[];
  readonly dropped: readonly DroppedCopy[];
  /**
   * The last write had to be made by then, in milliseconds, and counts only if it was: conditions of writes know no time.
   * Otherwise `copies` are what they were before.
   */
  readonly deadline: { readonly at: number; readonly before: readonly ListedCopy[] } | null;
  /** Which write this is the work of, for a writer whose answer got lost. */
  readonly lastWrite: string;
  /** When it was written, by the service, in whole seconds. */
  readonly _ts?: number;
}

/** What a plan works on, and what it makes. */
export type Copies = Pick<CopiesItem, 'copies' | 'dropped'>;

const listed = 'copies';

export function copiesAddress(model: string): ItemAddress {
  return { id: listed, partitionKey: [listed, itemName(model), listed] };
}

export function copiesItem(
  model: string,
  { copies, dropped }: Copies,
  deadline: CopiesItem['deadline'],
  lastWrite: string,
): CopiesItem {
  const { id, partitionKey } = copiesAddress(model);
  const [copy, tenant, place] = partitionKey;
  return { id, copy, tenant, place, model: stored(model), copies, dropped, deadline, lastWrite };
}

/** Whether its last write may have been made after its deadline: the service tells the second, not more. */
export function isLate({ deadline, _ts = 0 }: CopiesItem): boolean {
  return deadline !== null && (_ts + 1) * 1_000 > deadline.at;
}

/** The copies, once it is known whether the last write counts. */
export function copiesIn(item: CopiesItem | undefined): Copies {
  if (item === undefined) return { copies: [], dropped: [] };
  const { copies, dropped, deadline } = item;
  return { copies: isLate(item) && deadline !== null ? deadline.before : copies, dropped };
}

export function findCopy(
  { copies }: Pick<Copies, 'copies'>,
  { version, generation }: Pick<Copy, 'version' | 'generation'>,
): ListedCopy | undefined {
  return copies.find((copy) => copy.version === version && copy.generation === generation);
}

export function infoOf(
  model: string,
  { version, generation, state, since }: ListedCopy,
  now: number,
): CopyInfo {
  return { model, version, generation, state, stateAgeInMs: Math.max(0, now - since) };
}
