import type { Telemetry } from '../telemetry/telemetry.js';
import type { WriteBatch } from '../unit-of-work/write-batch.js';
import type { Claim, Committed, WriteStore, WriteTransaction } from '../unit-of-work/write-store.js';

type Count = (batch: WriteBatch) => void;

/**
 * Counts what is committed to the journal as `diptych.journal.entries`, by kind (`event`, `command`) and wire name;
 * scheduled commands that came due have no name there. A commit whose outcome stays unknown is not counted.
 */
export function measuredWriteStore<Native>(
  store: WriteStore<Native>,
  telemetry: Telemetry,
): WriteStore<Native> {
  const add = telemetry.counter('diptych.journal.entries', {
    unit: '{entry}',
    description: 'Events and commands that were committed to the journal.',
  });
  const count: Count = ({ entries }) => {
    for (const [kind, name] of entries.flatMap(namesIn)) {
      add(1, { 'diptych.message.kind': kind, 'diptych.message.name': name });
    }
  };
  return {
    options: store.options,
    begin: async (options) => measuredTransaction(await store.begin(options), count),
    claim: async (key, options) => measuredClaim(await store.claim(key, options), count),
    commit: (batch) => store.commit(batch).then(counted(count, batch)),
    loadStream: (stream, options) => store.loadStream(stream, options),
    findSettled: (key) => store.findSettled(key),
    forgetSettled: (limit) => store.forgetSettled(limit),
    ...(store.errorOf && { errorOf: (error: unknown) => store.errorOf?.(error) }),
    async moveDue(partition, limit) {
      const due = await store.moveDue(partition, limit);
      if (due.moved > 0) add(due.moved, { 'diptych.message.kind': 'command' });
      return due;
    },
  };
}

function measuredClaim<Native>(claim: Claim<Native>, count: Count): Claim<Native> {
  return claim.state === 'settled'
    ? claim
    : { ...claim, transaction: measuredTransaction(claim.transaction, count) };
}

function measuredTransaction<Native>(
  transaction: WriteTransaction<Native>,
  count: Count,
): WriteTransaction<Native> {
  return {
    native: transaction.native,
    commit: (batch) => transaction.commit(batch).then(counted(count, batch)),
    rollback: () => transaction.rollback(),
  };
}

function counted(count: Count, batch: WriteBatch) {
  return (committed: Committed): Committed => {
    count(batch);
    return committed;
  };
}

function namesIn(entry: WriteBatch['entries'][number]): readonly (readonly [string, string])[] {
  if (entry.kind === 'append') return entry.events.map(({ name }) => ['event', name] as const);
  return entry.kind === 'send' ? [['command', entry.command.name]] : [];
}
