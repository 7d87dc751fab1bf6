import type {
  AppendToStream,
  Envelope,
  ExpectedVersion,
  JournalEntry,
  JournalReader,
  RecordedEvent,
  ScheduleCommand,
  SendCommand,
} from '@diptych/core';

/** What the suites write: messages made by hand, so that each test shows all it depends on. */
export function envelope(facts: Partial<Envelope> = {}): Envelope {
  const id = facts.id ?? crypto.randomUUID();
  return {
    kind: 'event',
    id,
    name: 'test.Happened',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: `correlation of ${id}`,
    causationId: `cause of ${id}`,
    tenant: 'default',
    subject: { id: 'ada', roles: ['clerk'] },
    source: 'contract',
    data: '{}',
    ...facts,
  };
}

/** Events whose data is the given JSON texts. */
export function append(
  stream: string,
  expectedVersion: ExpectedVersion,
  data: readonly string[],
  { tenant = 'default', partitionKey }: { readonly tenant?: string; readonly partitionKey?: string } = {},
): AppendToStream {
  const events = data.map((text) => envelope({ data: text, tenant }));
  return { kind: 'append', stream: { tenant, name: stream }, expectedVersion, partitionKey, events };
}

export function send(key: string, facts: Partial<Envelope> = {}): SendCommand {
  return { kind: 'send', key, command: envelope({ name: 'test.Do', ...facts, kind: 'command' }) };
}

export function schedule(
  key: string,
  due: ScheduleCommand['due'],
  facts: Partial<Envelope> = {},
): ScheduleCommand {
  return { kind: 'schedule', key, due, command: envelope({ name: 'test.Do', ...facts, kind: 'command' }) };
}

export const unlimited = { maxEvents: 100_000, maxBytes: 100_000_000 };

/** Everything that a journal holds, in position order. */
export async function everything(reader: JournalReader): Promise<readonly JournalEntry[]> {
  return (await reader.readAll(undefined, unlimited)).entries;
}

export function dataOf(entries: readonly (JournalEntry | RecordedEvent)[]): readonly string[] {
  return entries.map(({ data }) => data);
}

/** A name in partition `wanted`, made from a stem: what a test needs that depends on where things lie. */
export function nameIn(wanted: number, partitionOf: (name: string) => number, stem = 'stream'): string {
  for (let number = 0; ; number++)
    if (partitionOf(`${stem}-${number}`) === wanted) return `${stem}-${number}`;
}
