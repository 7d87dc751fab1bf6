/** What the operations page is told, once a second, and what it may ask for. The server builds from these types. */

/** One second of the program's life, over. */
export interface SecondPoint {
  /** When it began, in seconds since the Unix epoch. */
  readonly at: number;
  readonly commands: number;
  /** Commands that were refused or failed. */
  readonly refused: number;
  readonly queries: number;
  /** Events that were committed to the journal. */
  readonly events: number;
  readonly commandLatency: Latency;
  readonly queryLatency: Latency;
}

/** In milliseconds; `null` where nothing was measured. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
}

/** How often something happened since the program began, by wire name. */
export interface MessageTotal {
  readonly kind: string;
  readonly name: string;
  /** Handled; of journal entries: committed. */
  readonly ok: number;
  readonly refused: number;
}

export interface SubscriptionState {
  readonly name: string;
  /** Which copy of a read model it feeds; `null` for one that feeds none. */
  readonly copy: 'serving' | 'being built' | 'replaced, still fed' | null;
  readonly entriesBehind: number;
  readonly secondsBehind: number;
  readonly parkedKeys: number;
  readonly isPaused: boolean;
  readonly delayInMs: number;
  /** Partitions that do not run, by state: `paused` (tried again by itself), `stopped` (somebody must act). */
  readonly notRunning: readonly {
    readonly partition: number;
    readonly state: string;
    readonly error: string;
  }[];
}

export interface RebuildState {
  readonly generation: number;
  readonly done: number;
  readonly total: number;
  /** How many messages only the new copy has parked: it waits for an operator. */
  readonly blockedBy: number;
}

/** Subscriptions that belong together: all copies of one projection, or one subscription by itself. */
export interface SubscriptionGroup {
  readonly name: string;
  readonly kind: 'projection' | 'event-handler' | 'commands' | 'relay';
  readonly subscriptions: readonly SubscriptionState[];
  /** Of a projection: whether its folds are made to fail. */
  readonly isBroken: boolean;
  readonly rebuild: RebuildState | null;
}

export interface ParkedHead {
  readonly subscription: string;
  readonly partition: number;
  readonly key: string;
  readonly position: string;
  readonly message: string;
  readonly state: string;
  readonly parkedAt: string;
  readonly dueAt: string | null;
  readonly code: string;
  readonly failure: string;
  readonly attempts: number;
  /** How many messages of the same key wait behind it. */
  readonly waiting: number;
}

export interface OperationsSnapshot {
  readonly at: string;
  /** Those that the page has not had yet. */
  readonly seconds: readonly SecondPoint[];
  readonly messages: readonly MessageTotal[];
  readonly journal: { readonly entries: number; readonly incarnation: string; readonly partitions: number };
  readonly groups: readonly SubscriptionGroup[];
  /** The first of them. */
  readonly parked: readonly ParkedHead[];
}

/** A subscription in one partition. */
export interface PartitionDetail {
  readonly partition: number;
  readonly owner: string | null;
  readonly epoch: number;
  /** The position that it has come to; `null` at its beginning. */
  readonly checkpoint: string | null;
  readonly checkpointAgeInMs: number | null;
  readonly entriesBehind: number;
  readonly secondsBehind: number;
  readonly parkedKeys: number;
}

export interface ParkedAddressed {
  readonly subscription: string;
  readonly partition: number;
  readonly key: string;
  readonly position: string;
}

export type OperatorAction =
  | { readonly action: 'pause' | 'resume' | 'retry-all'; readonly subscription: string }
  | { readonly action: 'delay'; readonly subscription: string; readonly ms: number }
  | {
      readonly action: 'break' | 'mend' | 'rebuild' | 'cancel-rebuild';
      readonly projection: string;
    }
  | ({ readonly action: 'retry' | 'discard' } & ParkedAddressed);
