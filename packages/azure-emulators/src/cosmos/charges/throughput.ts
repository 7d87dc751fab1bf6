import type { Clock } from '../../clock/clock.js';
import { tooManyRequests } from '../cosmos-error.js';

export interface ThroughputLimits {
  /** Request units per second for all items of a container. Default: no limit. */
  readonly perContainer?: number;
  /** Request units per second for the items of one partition key. Default: no limit. */
  readonly perLogicalPartition?: number;
}

interface Spent {
  second: number;
  units: number;
}

/**
 * What may be asked in a second. A request is let in while something is left and may cost more than that: the next
 * seconds pay for it.
 */
export class Throughput {
  private readonly spent = new Map<string, Spent>();
  private refusing: { until: number; retryAfterInMs: number } | undefined;

  constructor(
    private readonly limits: ThroughputLimits,
    private readonly clock: Clock,
  ) {}

  /** Refuses everything for a time. */
  refuseFor(durationInMs: number, retryAfterInMs: number): void {
    this.refusing = { until: this.clock.now() + durationInMs, retryAfterInMs };
  }

  /** Throws where too much has been asked already. */
  admit(container: string, key: string | undefined): void {
    if (this.refusing !== undefined && this.clock.now() < this.refusing.until) {
      throw tooManyRequests(this.refusing.retryAfterInMs);
    }
    for (const [name, limit] of this.limitsOf(container, key)) {
      if (this.current(name, limit).units >= limit) throw tooManyRequests(1000 - (this.clock.now() % 1000));
    }
  }

  charge(container: string, key: string | undefined, units: number): void {
    for (const [name, limit] of this.limitsOf(container, key)) this.current(name, limit).units += units;
  }

  private limitsOf(container: string, key: string | undefined): readonly (readonly [string, number])[] {
    const { perContainer, perLogicalPartition } = this.limits;
    return [
      ...(perContainer === undefined ? [] : [[container, perContainer] as const]),
      ...(perLogicalPartition === undefined || key === undefined
        ? []
        : [[`${container}\n${key}`, perLogicalPartition] as const]),
    ];
  }

  private current(name: string, limit: number): Spent {
    const second = Math.floor(this.clock.now() / 1000);
    const spent = this.spent.get(name) ?? { second, units: 0 };
    spent.units = Math.max(0, spent.units - (second - spent.second) * limit);
    spent.second = second;
    this.spent.set(name, spent);
    return spent;
  }
}
