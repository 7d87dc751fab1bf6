import { DiptychError } from '../errors/diptych-error.js';
import { ConcurrencyConflictError } from '../errors/domain-errors.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { InboxKey, InboxMark, SettledCommand } from '../unit-of-work/inbox.js';

interface MarkRow {
  readonly fingerprint: string;
  readonly command: SettledCommand;
  readonly forgetAt: number;
}

export type InboxId = Omit<InboxKey, 'fingerprint'>;

export function inboxIdOf({ tenant, handler, scope, id }: InboxId): string {
  return JSON.stringify([tenant, handler, scope, id]);
}

/** Which commands have run, and what came of them. */
export class MemoryInbox {
  readonly #rows = new Map<string, MarkRow>();
  find(key: InboxId): SettledCommand | undefined {
    return this.#rows.get(inboxIdOf(key))?.command;
  }

  /** @throws DiptychError `idempotency-mismatch` when the key was used with another payload. */
  settled(key: InboxKey): SettledCommand | undefined {
    const row = this.#rows.get(inboxIdOf(key));
    if (row === undefined || row.fingerprint === key.fingerprint) return row?.command;
    throw new DiptychError({
      code: 'idempotency-mismatch',
      message: `'${key.id}' was used before, for another payload.`,
      details: { handler: key.handler, id: key.id },
    });
  }

  /** Throws what would keep `write` from writing the mark. */
  check({ key }: InboxMark): void {
    if (this.settled(key) === undefined) return;
    throw new ConcurrencyConflictError(`'${key.id}' was settled by another unit of work.`, {
      handler: key.handler,
      id: key.id,
    });
  }

  write(mark: InboxMark, ranges: readonly WrittenRange[], now: number): void {
    this.#rows.set(inboxIdOf(mark.key), {
      fingerprint: mark.key.fingerprint,
      command: { messageId: mark.messageId, outcome: mark.outcome, ranges },
      forgetAt: now + mark.rememberForMs,
    });
  }

  forget(limit: number, now: number): number {
    let forgotten = 0;
    for (const [id, row] of this.#rows) {
      if (forgotten >= limit) break;
      if (row.forgetAt > now) continue;
      this.#rows.delete(id);
      forgotten++;
    }
    return forgotten;
  }
}
