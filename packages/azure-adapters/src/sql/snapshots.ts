import { restored, type Snapshot, type SnapshotKey, type SnapshotStore } from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import { digest, int, name, type SqlParameters, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

/** Keeps snapshots in a SQL Server database. */
export class SqlSnapshotStore implements SnapshotStore {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  async load(key: SnapshotKey): Promise<Snapshot | undefined> {
    const rows = await this.#client.rows<[number, string, string]>(
      `SELECT version, event_id, state FROM ${this.#tables.snapshots}
       WHERE snapshot = @snapshot AND schema_version = @schemaVersion`,
      keyOf(key),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { stream, name: snapshotName, schemaVersion } = key;
    const [version, eventId, state] = row;
    return {
      stream: { tenant: stream.tenant, name: stream.name },
      name: snapshotName,
      schemaVersion,
      version,
      eventId: restored(eventId),
      state,
    };
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { snapshots } = this.#tables;
    const change = `UPDATE ${snapshots} SET version = @version, event_id = @eventId, state = @state
       WHERE snapshot = @snapshot AND schema_version = @schemaVersion`;
    // Two who save the first one at the same time: the second finds the row of the first, and writes its own over it.
    await this.#client.run(
      `${change};
       IF @@ROWCOUNT = 0 BEGIN
         BEGIN TRY
           INSERT INTO ${snapshots} (snapshot, schema_version, version, event_id, state)
           VALUES (@snapshot, @schemaVersion, @version, @eventId, @state);
         END TRY
         BEGIN CATCH
           IF ERROR_NUMBER() NOT IN (2627, 2601) THROW;
           ${change};
         END CATCH
       END`,
      {
        ...keyOf(snapshot),
        version: int(snapshot.version),
        eventId: name(snapshot.eventId),
        state: text(snapshot.state),
      },
    );
  }

  async delete({ stream, name: snapshotName }: Omit<SnapshotKey, 'schemaVersion'>): Promise<void> {
    await this.#client.run(`DELETE FROM ${this.#tables.snapshots} WHERE snapshot = @snapshot`, {
      snapshot: digest(stream.tenant, stream.name, snapshotName),
    });
  }
}

function keyOf({ stream, name: snapshotName, schemaVersion }: SnapshotKey): SqlParameters {
  return { snapshot: digest(stream.tenant, stream.name, snapshotName), schemaVersion: int(schemaVersion) };
}
