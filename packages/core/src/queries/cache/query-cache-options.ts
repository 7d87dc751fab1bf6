import type { QueryCacheStore } from './query-cache-store.js';

/** What a query handler says of how its answers are kept. */
export interface QueryCacheOptions {
  /**
   * How old an answer may be when it is given again, in milliseconds, counted from when its handler began: longer than
   * the handler takes, that is.
   */
  readonly ttlInMs: number;
  /**
   * Who is given the same answer. `subject`: whoever asks as the same subject, with the same roles. `tenant`: everybody
   * in the tenant whom the policy lets ask; the handler is then run for nobody in particular (its context has the
   * anonymous subject), so that an answer cannot hold what is only for whoever asked first. Default `subject`.
   */
  readonly sharedBy?: 'subject' | 'tenant' | undefined;
  /**
   * For how long an answer that is too old is still given while a new one is made, in milliseconds. Default 0: who asks
   * then waits for the new one.
   */
  readonly staleForMs?: number | undefined;
  /**
   * By what part of `ttlInMs` an answer may live shorter, by chance, so that those made together do not end together:
   * from 0 up to 1. Default 0.1.
   */
  readonly jitter?: number | undefined;
  /**
   * Makes a new answer before the old one is too old, in the background, the sooner the longer it takes to make: 1 is a
   * good value, more is earlier. By chance, so that of many who ask one does it. Default 0: never.
   */
  readonly earlyRefresh?: number | undefined;
  /** The largest answer that is kept, in bytes of its JSON. Default 262,144. */
  readonly maxBytes?: number | undefined;
}

/** What a program says of how answers are kept. */
export interface QueryCacheSettings {
  /** Default: in this process's memory, 1,000 answers and 16 MiB at most. */
  readonly store?: QueryCacheStore | undefined;
  /** How long a call of the store is waited for, in milliseconds; then the handler answers. Default 100. */
  readonly storeTimeoutInMs?: number | undefined;
  /** After how long others may make an answer that a process began and did not bring, in milliseconds. Default 10,000. */
  readonly leaseInMs?: number | undefined;
  /** How long an answer that another process makes is waited for before the handler is asked here, in milliseconds. Default 2,000. */
  readonly waitInMs?: number | undefined;
}

export const defaultJitter = 0.1;
export const defaultMaxAnswerBytes = 262_144;
export const defaultStoreTimeoutInMs = 100;
export const defaultLeaseInMs = 10_000;
export const defaultWaitInMs = 2_000;
