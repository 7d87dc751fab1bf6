import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../finding.js';
import type { SentCommand } from '../sent-command.js';
import { foldOrders } from './fold-orders.js';
import { grouped } from './grouped.js';
import { judgeStock } from './judge-stock.js';
import type { EventRow, JournalRow, OrderRow } from './rows.js';

/**
 * Compares what customers were told with what the journal has, the journal with itself, and the rows with the
 * journal.
 */
export function judgeJournal(
  journal: readonly JournalRow[],
  orders: readonly OrderRow[],
  sent: readonly SentCommand[],
): readonly Finding[] {
  const events = journal.filter((row) => row.kind === 'event');
  return [
    ...judgeAnswers(events, sent),
    ...judgeIds(journal),
    ...judgeStreams(events),
    ...judgeStock(journal),
    ...judgeOrders(events, orders),
  ];
}

/** Each command that was answered has one event; and what customers can cause, they have been told. */
function judgeAnswers(events: readonly EventRow[], sent: readonly SentCommand[]): readonly Finding[] {
  const caused = grouped(events, ({ causationId }) => causationId);
  const answered = new Set<string>();
  const findings: Finding[] = [];
  for (const { name, key, outcome } of sent) {
    if (outcome.kind === 'refused') continue;
    answered.add(outcome.messageId);
    const times = caused.get(outcome.messageId)?.length ?? 0;
    if (times === 0) findings.push(lost(`${name} under key ${key} was answered, and has no event`));
    if (times > 1) findings.push(duplicated(`${name} under key ${key} has ${times} events`));
  }
  for (const { name, id, causationId } of events) {
    const isOfCustomers = name !== 'shop.StockMoved' && name !== 'shop.ProductOffered';
    if (isOfCustomers && !answered.has(causationId))
      findings.push(duplicated(`${name} ${id} comes from no command that a customer knows`));
  }
  return findings;
}

function judgeIds(journal: readonly JournalRow[]): readonly Finding[] {
  return [...grouped(journal, ({ id }) => id)].flatMap(([id, rows]) =>
    rows.length === 1 ? [] : [duplicated(`message ${id} is ${rows.length} times in the journal`)],
  );
}

function judgeStreams(events: readonly EventRow[]): readonly Finding[] {
  return [...grouped(events, ({ stream }) => stream)].flatMap(([stream, ofStream]) =>
    ofStream.flatMap(({ version }, index) => {
      if (version === index + 1) return [];
      const what = `stream ${stream} has version ${version} in place ${index + 1}`;
      return [version > index + 1 ? lost(what) : duplicated(what)];
    }),
  );
}

function judgeOrders(events: readonly EventRow[], rows: readonly OrderRow[]): readonly Finding[] {
  const folded = [...foldOrders(events).values()].filter(({ kind }) => kind === 'order');
  const byId = new Map(rows.map((row) => [row.orderId, row]));
  const findings: Finding[] = [];
  for (const { orderId, status, version, lines } of folded) {
    const row = byId.get(orderId);
    byId.delete(orderId);
    const expected = { orderId, status, version, returned: lines.map(({ returned }) => returned) };
    if (row === undefined) findings.push(lost(`order ${orderId} has no rows`));
    else if (!isDeepStrictEqual(row, expected)) {
      const what = `order ${orderId} is ${JSON.stringify(row)} in its rows, and ${JSON.stringify(expected)} by its events`;
      findings.push(row.version > version ? duplicated(what) : lost(what));
    }
  }
  return [...findings, ...[...byId.keys()].map((orderId) => lost(`order ${orderId} has rows, and no event`))];
}

function lost(what: string): Finding {
  return { kind: 'lost', what };
}

function duplicated(what: string): Finding {
  return { kind: 'duplicated', what };
}
