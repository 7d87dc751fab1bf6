import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../finding.js';
import type { Ask, Expectation } from './expectation.js';
import { expectations } from './expectations.js';
import type { JournalRow } from './rows.js';

const atOnce = 8;

/** Compares every read model with the journal. */
export async function judgeReadModels(
  journal: readonly JournalRow[],
  ask: Ask,
): Promise<{ readonly findings: readonly Finding[]; readonly compared: number }> {
  const events = journal.filter((row) => row.kind === 'event');
  const left = [...expectations(events)];
  const compared = left.length;
  const findings: Finding[] = [];
  const compareSome = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const finding = await compare(next, ask);
      if (finding !== undefined) findings.push(finding);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, compareSome));
  return { findings, compared };
}

async function compare(expectation: Expectation, ask: Ask): Promise<Finding | undefined> {
  const { about, size } = expectation;
  // As it would come off a wire, without fields that are undefined.
  const expected = plain(expectation.expected);
  const answer = await expectation.ask(ask).catch((error: Error) => error);
  if (answer instanceof Error) return { kind: 'lost', what: `${about} cannot be asked: ${answer.message}` };
  if (isDeepStrictEqual(plain(answer), expected)) return undefined;
  if (answer === null || answer === undefined) return { kind: 'lost', what: `${about} is missing` };
  const kind = size(answer) > size(expected) ? 'duplicated' : 'lost';
  return { kind, what: `${about} is ${JSON.stringify(answer)}, and must be ${JSON.stringify(expected)}` };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
