import type { JournalEntry } from '../journal/journal-entry.js';
import type { Position } from '../partitions/position.js';

/** Why a parked message could not be handled. */
export interface ParkedFailure {
  /** A stable error code, or the error's class name where it has none. */
  readonly code: string;
  readonly message: string;
  /** How often it was tried, immediate retries included. */
  readonly attempts: number;
  /** Tried again by itself this long from now; `undefined`: an operator must act. */
  readonly delayInMs: number | undefined;
}

export interface NewParkedMessage {
  readonly key: string;
  readonly position: Position;
  readonly messageId: string;
  /** The wire name. */
  readonly name: string;
  /** The message itself where the subscription cannot read the journal; else the position is enough. */
  readonly copy?: JournalEntry;
  /** `undefined` for a follower: it is only waiting for the one before it. */
  readonly failure: ParkedFailure | undefined;
}

/**
 * - `delayed`: a head that is tried again by itself when it is due.
 * - `held`: a head that waits for an operator.
 * - `waiting`: behind a head of the same key.
 * - `ready`: a head that runs at the owner's next turn: due, moved up, or an operator said retry.
 * - `discarding`: a head that the owner drops at its next turn.
 */
export type ParkedState = 'delayed' | 'held' | 'waiting' | 'ready' | 'discarding';

export interface ParkedMessage extends NewParkedMessage {
  readonly subscription: string;
  readonly partition: number;
  readonly state: ParkedState;
  /** When it was parked, by the store's clock, ISO 8601. */
  readonly parkedAt: string;
  /** When a delayed head is due, ISO 8601. */
  readonly dueAt: string | undefined;
}

export interface ParkedQuery {
  /** Default: all subscriptions. */
  readonly subscription?: string;
  readonly partition?: number;
  readonly key?: string;
  readonly messageId?: string;
  readonly state?: ParkedState;
  readonly limit?: number;
}
