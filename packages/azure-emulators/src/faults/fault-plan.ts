import { seededRandom } from './seeded-random.js';

/**
 * What goes wrong.
 *
 * - `cut-link`, `cut-connection`: the link is detached by force, the socket destroyed;
 * - `lose-lock`: a lock ends before its time;
 * - `duplicate`: what was sent once arrives twice;
 * - `delay`: the answer comes `delayInMs` later, in real time;
 * - `throttle`: refused, as by a busy server; Cosmos DB and AI Search tell to wait for `retryAfterInMs`;
 * - `unavailable`: refused, as by a server that is down (Cosmos DB) or too busy (AI Search);
 * - `conflict`: refused, since somebody else changed it at the same moment (one document of AI Search);
 * - `hold`: the connection is cut, and what was asked for is done `delayInMs` later by the emulator's clock, behind what
 *   came meanwhile (AI Search);
 * - `drop`: what was taken goes to nobody, as Event Grid does without a place for dead letters.
 */
export type FaultKind =
  | 'cut-link'
  | 'cut-connection'
  | 'lose-lock'
  | 'duplicate'
  | 'delay'
  | 'throttle'
  | 'unavailable'
  | 'conflict'
  | 'hold'
  | 'drop';

/**
 * Where something can go wrong: a client's link opens, a message comes, goes out or is settled, a request comes; in
 * Cosmos DB, where `request` is any about items: an item is read or written, a query or a feed is asked, a batch comes; in
 * AI Search, where `request` is any: documents are read or written, a search is asked, one document of a batch comes.
 */
export type FaultPoint =
  | 'attach'
  | 'send'
  | 'deliver'
  | 'settle'
  | 'request'
  | 'read'
  | 'write'
  | 'query'
  | 'batch'
  | 'document';

export interface FaultRule {
  readonly on: FaultPoint;
  readonly fault: FaultKind;
  /** The path of an entity (in Cosmos DB `database/container`, in AI Search the index), without regard to case. Default: any. */
  readonly entity?: string;
  /** How probable it is each time, from 0 to 1. Default 1. */
  readonly chance?: number;
  /** How often at most. Default: no limit. */
  readonly times?: number;
  /** A cut comes after the effect: what was asked for is done, and the answer is lost. Default false: before. */
  readonly afterEffect?: boolean;
  /** Default 100. */
  readonly delayInMs?: number;
  /** Default 10. */
  readonly retryAfterInMs?: number;
}

export interface FaultPlanOptions {
  /** The same seed and the same calls give the same faults. Default 1. */
  readonly seed?: number;
  readonly rules?: readonly FaultRule[];
}

interface PlannedFault {
  readonly rule: FaultRule;
  left: number;
}

/** Decides at each point whether something goes wrong there. Rules can come and go while a server runs. */
export class FaultPlan {
  /** How often each kind of fault has happened. */
  readonly counts: Partial<Record<FaultKind, number>> = {};
  private readonly random: () => number;
  private readonly planned = new Set<PlannedFault>();

  constructor({ seed = 1, rules = [] }: FaultPlanOptions = {}) {
    this.random = seededRandom(seed);
    for (const rule of rules) this.add(rule);
  }

  /** The returned function takes the rule out again. */
  add(rule: FaultRule): () => void {
    const planned = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.planned.add(planned);
    return () => this.planned.delete(planned);
  }

  clear(): void {
    this.planned.clear();
  }

  /** The fault of the first rule that strikes here. */
  decide(on: FaultPoint, entity: string): FaultRule | undefined {
    for (const planned of this.planned) {
      const { rule } = planned;
      if (rule.on !== on || (rule.entity ?? entity).toLowerCase() !== entity.toLowerCase()) continue;
      if (this.random() >= (rule.chance ?? 1)) continue;
      planned.left--;
      if (planned.left <= 0) this.planned.delete(planned);
      this.counts[rule.fault] = (this.counts[rule.fault] ?? 0) + 1;
      return rule;
    }
    return undefined;
  }
}
