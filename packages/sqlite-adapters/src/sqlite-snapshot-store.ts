import { restored, type Snapshot, type SnapshotKey, type SnapshotStore, stored } from '@diptych/core';
import type { SqliteReading } from './sqlite-reading.js';
import type { SqliteWriter } from './sqlite-writer.js';

interface SnapshotRow {
  readonly version: number;
  readonly event_id: string;
  readonly state: string;
}

/** Keeps snapshots in a SQLite file. */
export class SqliteSnapshotStore implements SnapshotStore {
  readonly #writer: SqliteWriter;
  readonly #reading: SqliteReading;

  constructor(writer: SqliteWriter, reading: SqliteReading) {
    this.#writer = writer;
    this.#reading = reading;
  }

  load({ stream, name, schemaVersion }: SnapshotKey): Promise<Snapshot | undefined> {
    return this.#reading.read((connection) => {
      const row = connection.get<SnapshotRow>(
        `SELECT version, event_id, state FROM diptych_snapshots
         WHERE tenant = ? AND stream = ? AND name = ? AND schema_version = ?`,
        stored(stream.tenant),
        stored(stream.name),
        stored(name),
        schemaVersion,
      );
      if (row === undefined) return undefined;
      const { version, event_id, state } = row;
      const { tenant, name: streamName } = stream;
      return {
        stream: { tenant, name: streamName },
        name,
        schemaVersion,
        version,
        eventId: restored(event_id),
        state,
      };
    });
  }

  async save({ stream, name, schemaVersion, version, eventId, state }: Snapshot): Promise<void> {
    const key = [stored(stream.tenant), stored(stream.name), stored(name), schemaVersion];
    await this.#writer.run((connection) =>
      connection.run(
        `INSERT OR REPLACE INTO diptych_snapshots
           (tenant, stream, name, schema_version, version, event_id, state) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...key,
        version,
        stored(eventId),
        state,
      ),
    );
  }

  async delete({ stream, name }: Omit<SnapshotKey, 'schemaVersion'>): Promise<void> {
    await this.#writer.run((connection) =>
      connection.run(
        'DELETE FROM diptych_snapshots WHERE tenant = ? AND stream = ? AND name = ?',
        stored(stream.tenant),
        stored(stream.name),
        stored(name),
      ),
    );
  }
}
