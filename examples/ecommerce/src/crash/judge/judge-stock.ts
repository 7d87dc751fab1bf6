import type { Finding } from '../finding.js';
import { quantitiesOf, signOf } from './fold-products.js';
import { grouped } from './grouped.js';
import type { CommandRow, EventRow, JournalRow } from './rows.js';

/** Follows each order and return to the stock: event, one command for each product, one movement for each command. */
export function judgeStock(journal: readonly JournalRow[]): readonly Finding[] {
  const commands = journal.filter((row): row is CommandRow => row.kind === 'command');
  const events = journal.filter((row): row is EventRow => row.kind === 'event');
  const movements = events.filter(({ name }) => name === 'shop.StockMoved');
  return [
    ...judgeCommands(events, commands),
    ...judgeMovements(commands, movements),
    ...judgeLedgers(movements),
  ];
}

function judgeCommands(events: readonly EventRow[], commands: readonly CommandRow[]): readonly Finding[] {
  const caused = grouped(commands, ({ causationId }) => causationId);
  return events.flatMap(({ id, name, data }) => {
    const sign = signOf(name);
    if (sign === 0) return [];
    const wanted = new Map(
      [...quantitiesOf(data.lines ?? [])].map(([code, quantity]) => [code, sign * quantity]),
    );
    return countedOff(
      `${name} ${id}`,
      wanted,
      (caused.get(id) ?? []).map(({ data: { productCode = '', change = 0 } }) => [productCode, change]),
    );
  });
}

/** Whether there is one of each wanted, and nothing else. */
function countedOff(
  cause: string,
  wanted: ReadonlyMap<string, number>,
  found: readonly (readonly [code: string, change: number])[],
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [code, change] of wanted) {
    const times = found.filter(
      ([foundCode, foundChange]) => foundCode === code && foundChange === change,
    ).length;
    if (times === 0) findings.push({ kind: 'lost', what: `${cause} has not moved the stock of ${code}` });
    if (times > 1)
      findings.push({ kind: 'duplicated', what: `${cause} moves the stock of ${code} ${times} times` });
  }
  const strange = found.filter(([code, change]) => wanted.get(code) !== change);
  for (const [code] of strange)
    findings.push({
      kind: 'duplicated',
      what: `${cause} moves the stock of ${code} by what it does not say`,
    });
  return findings;
}

function judgeMovements(commands: readonly CommandRow[], movements: readonly EventRow[]): readonly Finding[] {
  const caused = grouped(movements, ({ causationId }) => causationId);
  return commands.flatMap(({ id, name, data }): readonly Finding[] => {
    const of = caused.get(id) ?? [];
    if (of.length === 0) return [{ kind: 'lost', what: `${name} ${id} has moved nothing` }];
    if (of.length > 1) return [{ kind: 'duplicated', what: `${name} ${id} ran ${of.length} times` }];
    const [{ data: moved }] = of as readonly [EventRow];
    if (moved.productCode === data.productCode && moved.change === data.change) return [];
    return [{ kind: 'lost', what: `${name} ${id} has moved something else than it says` }];
  });
}

/** How many there are is what there were and what was moved. */
function judgeLedgers(movements: readonly EventRow[]): readonly Finding[] {
  return [...grouped(movements, ({ stream }) => stream)].flatMap(([stream, ofStream]) => {
    let onHand = 0;
    return ofStream.flatMap(({ version, data }): readonly Finding[] => {
      const expected = onHand + (data.change ?? 0);
      onHand = data.onHand ?? 0;
      if (onHand === expected) return [];
      return [
        { kind: 'lost', what: `version ${version} of ${stream} says ${onHand}, and must say ${expected}` },
      ];
    });
  });
}
