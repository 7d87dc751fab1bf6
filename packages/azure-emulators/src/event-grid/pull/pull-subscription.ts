import { randomUUID } from 'node:crypto';
import type { DeadLetter, EventSubscriptionConfig } from '../event-grid-options.js';
import type { Surroundings } from '../surroundings.js';
import type { GridEvent } from '../topics/event.js';

interface Waiting {
  readonly event: GridEvent;
  attempts: number;
}

interface Locked {
  readonly waiting: Waiting;
  readonly until: number;
}

/** An event, and the lock under which it is settled. */
export interface ReceivedEvent {
  readonly brokerProperties: { readonly lockToken: string; readonly deliveryCount: number };
  readonly event: GridEvent;
}

/** What became of each token that a client named. */
export interface TokenOutcome {
  readonly succeededLockTokens: string[];
  readonly failedLockTokens: { readonly lockToken: string; readonly error: object }[];
}

/** Holds events until they are pulled and acknowledged. */
export class PullSubscription {
  readonly deadLetters: DeadLetter[] = [];
  private readonly events: Waiting[] = [];
  private readonly locked = new Map<string, Locked>();
  private readonly listeners = new Set<() => void>();
  private readonly lockInMs: number;
  private readonly maxAttempts: number;

  constructor(
    private readonly config: EventSubscriptionConfig,
    private readonly around: Surroundings,
  ) {
    this.lockInMs = (config.receiveLockDurationInSeconds ?? 60) * 1_000;
    this.maxAttempts = config.maxDeliveryAttempts ?? 10;
  }

  take(event: GridEvent): void {
    const fault = this.around.faults.decide('deliver', this.config.name);
    if (fault?.fault === 'drop') return;
    if (fault?.fault === 'duplicate') this.events.push({ event, attempts: 0 });
    this.giveBack({ event, attempts: 0 });
  }

  /** What there is now, or comes while the client waits. */
  async receive(most: number, waitInMs: number): Promise<readonly ReceivedEvent[]> {
    this.endLocks();
    if (this.events.length === 0 && waitInMs > 0) await this.untilSome(waitInMs);
    return this.events.splice(0, most).map((waiting) => {
      const lockToken = randomUUID();
      waiting.attempts++;
      this.locked.set(lockToken, { waiting, until: this.around.clock.now() + this.lockInMs });
      return { brokerProperties: { lockToken, deliveryCount: waiting.attempts }, event: waiting.event };
    });
  }

  acknowledge(tokens: readonly string[]): TokenOutcome {
    return this.each(tokens, () => {});
  }

  release(tokens: readonly string[], delayInMs: number): TokenOutcome {
    const { clock, deadlines } = this.around;
    return this.each(tokens, ({ waiting }) => {
      if (delayInMs === 0) this.giveBack(waiting);
      else deadlines.set(clock.now() + delayInMs, () => this.giveBack(waiting));
    });
  }

  reject(tokens: readonly string[]): TokenOutcome {
    return this.each(tokens, ({ waiting }) => this.giveUp(waiting, 'Rejected'));
  }

  renew(tokens: readonly string[]): TokenOutcome {
    const until = this.around.clock.now() + this.lockInMs;
    return this.each(tokens, ({ waiting }, token) => this.locked.set(token, { waiting, until }));
  }

  private each(tokens: readonly string[], use: (locked: Locked, token: string) => void): TokenOutcome {
    this.endLocks();
    const outcome: TokenOutcome = { succeededLockTokens: [], failedLockTokens: [] };
    for (const lockToken of tokens) {
      const locked = this.locked.get(lockToken);
      if (locked === undefined) {
        const error = { code: 'TokenLost', message: 'Token has expired.' };
        outcome.failedLockTokens.push({ lockToken, error });
        continue;
      }
      this.locked.delete(lockToken);
      use(locked, lockToken);
      outcome.succeededLockTokens.push(lockToken);
    }
    return outcome;
  }

  private endLocks(): void {
    const now = this.around.clock.now();
    for (const [token, { waiting, until }] of this.locked) {
      if (until > now) continue;
      this.locked.delete(token);
      this.giveBack(waiting);
    }
  }

  private giveBack(waiting: Waiting): void {
    if (waiting.attempts >= this.maxAttempts) {
      this.giveUp(waiting, 'MaxDeliveryAttemptsExceeded');
      return;
    }
    this.events.push(waiting);
    for (const listener of this.listeners) listener();
  }

  private giveUp({ event, attempts }: Waiting, deadLetterReason: DeadLetter['deadLetterReason']): void {
    if (this.config.deadLetter !== true) return;
    this.deadLetters.push({
      event,
      deadLetterReason,
      deliveryAttempts: attempts,
      lastDeliveryOutcome: deadLetterReason,
    });
  }

  /** In real time: the client at the other end knows no other. */
  private untilSome(waitInMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.listeners.delete(end);
        resolve();
      };
      const timer = setTimeout(end, waitInMs).unref();
      this.listeners.add(end);
    });
  }
}
