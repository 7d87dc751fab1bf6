import { createHash } from 'node:crypto';
import type { WriteBatch } from '@diptych/core';
import { partitionOf } from '@diptych/core';
import mssql from 'mssql';
import type { Ground } from './server.js';

/** So many events each stream has. */
export const eventsPerStream = 5;
const rowsAtOnce = 10_000;

const facts = (data: string, id: string) => ({
  shared: {
    correlationId: id,
    causationId: id,
    tenant: 'default',
    subject: { id: 'ada', roles: ['clerk'] },
    source: 'bench',
  },
  own: [[id, 'bench.Noted', 1, '2030-01-01T00:00:00.000Z', data.length]],
});

/** A journal with so many events, at the same rate in all its streams: the first one of each, then the second one. */
export async function fill({ pool, schema }: Ground, events: number): Promise<void> {
  const streams = events / eventsPerStream;
  for (let first = 0; first < events; first += rowsAtOnce) {
    const table = new mssql.Table(`${schema}.journal`);
    table.create = false;
    for (const [name, type] of columns) table.columns.add(name, type, { nullable: false });
    for (let number = first; number < Math.min(events, first + rowsAtOnce); number++) {
      const name = streamNamed(number % streams);
      const data = dataOf(name);
      const version = Math.floor(number / streams) + 1;
      table.rows.add(
        number % 65_536,
        1,
        data.length,
        digestOf(name),
        version,
        version,
        partitionOf(name, 32),
        'default',
        name,
        false,
        JSON.stringify(facts(data, `event-${number}`)),
        data,
      );
    }
    await pool.request().bulk(table);
  }
}

const columns: readonly (readonly [string, mssql.ISqlType])[] = [
  ['first_index', mssql.Int()],
  ['event_count', mssql.Int()],
  ['bytes', mssql.Int()],
  ['stream', mssql.VarBinary(32)],
  ['first_version', mssql.Int()],
  ['last_version', mssql.Int()],
  ['partition', mssql.Int()],
  ['tenant', mssql.NVarChar(1_000)],
  ['name', mssql.NVarChar(1_000)],
  ['is_command', mssql.Bit()],
  ['facts', mssql.NVarChar(mssql.MAX)],
  ['data', mssql.NVarChar(mssql.MAX)],
];

export function eventFor(stream: number): WriteBatch['entries'][number] {
  const [id, name] = [crypto.randomUUID(), streamNamed(stream)];
  return {
    kind: 'append',
    stream: { tenant: 'default', name },
    expectedVersion: 'any',
    partitionKey: undefined,
    events: [
      {
        kind: 'event',
        id,
        name: 'bench.Noted',
        schemaVersion: 1,
        time: '2030-01-01T00:00:00.000Z',
        correlationId: id,
        causationId: id,
        tenant: 'default',
        subject: { id: 'ada', roles: ['clerk'] },
        source: 'bench',
        data: dataOf(name),
      },
    ],
  };
}

/** One after the other they lie far apart. */
function streamNamed(stream: number): string {
  return `note-${Math.imul(stream + 1, 2_654_435_761) >>> 0}`;
}

function dataOf(note: string): string {
  return JSON.stringify({ note, amount: 1, text: 'what there is to say about it' });
}

function digestOf(name: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['default', name]))
    .digest();
}
