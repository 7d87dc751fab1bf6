import type { Clock, Committed, JournalReader, WriteBatch, WriteStore } from '@diptych/core';
import type { ContractFactory, ContractSubject } from './contract.js';

/** A transaction that has written its rows, so has its place in the journal's order, and has not committed. */
export interface HeldCommit {
  commit(): Promise<Committed>;
  rollback(): Promise<void>;
}

/** A write store with its journal's reader, and what the suites need to see what it does. */
export interface WriteSideSubject<Native = unknown> extends ContractSubject {
  readonly writeStore: WriteStore<Native>;
  readonly reader: JournalReader;
  /** The program's clock. `advanceTime` moves it together with the store's. */
  readonly clock: Clock;
  /** Moves the store's clock on by at least that much; a store with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
  /** A row of the program's own, written in the driver's transaction. */
  putRow(native: Native, key: string, text: string): Promise<void>;
  /** That row as it is committed. */
  readRow(key: string): Promise<string | undefined>;
  /** A second connection to what is stored, made after the first was closed. Only without it lacking `durability`. */
  reopen?(): Promise<WriteSideSubject<Native>>;
  /** Writes a batch and stops before the commit. Only without it lacking `concurrent writers`. */
  holdCommit?(batch: WriteBatch): Promise<HeldCommit>;
}

/** What some write stores do not have. */
export type WriteSideCapability =
  /** Several transactions are open at once, so one may commit after another that took its place behind it. */
  | 'concurrent writers'
  /** What is committed outlives the process. */
  | 'durability'
  /** The store has a size limit for one message; the suite's store must be opened with one below 1 MiB. */
  | 'message size limit'
  /** Readers hear of commits in the same process. */
  | 'commit notices';

export type WriteSideFactory<Native = unknown> = ContractFactory<
  WriteSideSubject<Native>,
  WriteSideCapability
>;
