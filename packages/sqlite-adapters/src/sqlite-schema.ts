/**
 * The tables, step by step. A file remembers how many steps it has seen; a step that was released is never changed.
 * Every name begins with `diptych_`, so that the program's own tables can lie in the same file.
 */
export const schemaSteps: readonly string[] = [
  `
  -- Rows are only ever added, one for each event or command, so a row id is a place in the order of commits: there
  -- is one writer, and none is given again, for none is ever taken away.
  CREATE TABLE diptych_journal (
    row INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    -- A hash of the stream's tenant and name; NULL for a command.
    stream INTEGER,
    -- In its stream; NULL for a command.
    version INTEGER,
    -- The stream's name; of a command, what it is ordered by.
    key TEXT NOT NULL,
    tenant TEXT NOT NULL,
    -- What decided the partition, where that was not the key.
    partition_key TEXT,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    time TEXT NOT NULL,
    -- The rest of the envelope, as JSON.
    facts TEXT NOT NULL,
    data TEXT NOT NULL
  );
  -- The row id is its second column, as in every index of SQLite.
  CREATE INDEX diptych_journal_partition ON diptych_journal (partition);
  -- A stream is its rows; its version is that of the last one. By a hash, and so a fifth of the size that names would
  -- take: at a million streams this index still fits the cache. The few rows of other streams with the same hash are
  -- told apart by their names; that no version comes twice, the one writer sees to.
  CREATE INDEX diptych_journal_stream ON diptych_journal (stream, version) WHERE stream IS NOT NULL;
  CREATE TRIGGER diptych_journal_keeps BEFORE DELETE ON diptych_journal
    BEGIN SELECT RAISE(ABORT, 'The journal is only added to.'); END;
  CREATE TRIGGER diptych_journal_stays BEFORE UPDATE ON diptych_journal
    BEGIN SELECT RAISE(ABORT, 'The journal is only added to.'); END;

  CREATE TABLE diptych_inbox (
    mark INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    handler TEXT NOT NULL,
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    message_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ranges TEXT NOT NULL,
    forget_at INTEGER NOT NULL,
    UNIQUE (id, handler, scope, tenant)
  );
  CREATE INDEX diptych_inbox_forget ON diptych_inbox (forget_at);

  CREATE TABLE diptych_scheduled (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    partition INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    key TEXT NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    command TEXT NOT NULL
  );
  CREATE INDEX diptych_scheduled_due ON diptych_scheduled (partition, due_at);
  CREATE INDEX diptych_scheduled_id ON diptych_scheduled (id, tenant);

  CREATE TABLE diptych_snapshots (
    tenant TEXT NOT NULL,
    stream TEXT NOT NULL,
    name TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (tenant, stream, name, schema_version)
  );

  CREATE TABLE diptych_subscriptions (
    subscription TEXT NOT NULL,
    partition INTEGER NOT NULL,
    -- NULL: nobody.
    owner TEXT,
    epoch INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    position TEXT,
    entry_id TEXT,
    evidence TEXT,
    moved_at INTEGER,
    PRIMARY KEY (subscription, partition)
  ) WITHOUT ROWID;

  -- Who has asked for partitions, and until when that counts for the fair share.
  CREATE TABLE diptych_owners (
    subscription TEXT NOT NULL,
    owner TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (subscription, owner)
  ) WITHOUT ROWID;

  CREATE TABLE diptych_parked (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    partition INTEGER NOT NULL,
    key TEXT NOT NULL,
    position TEXT NOT NULL,
    message_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- JSON, or NULL.
    copy TEXT,
    failure TEXT,
    parked_at INTEGER NOT NULL,
    due_at INTEGER,
    -- 1 for the first of its key.
    is_head INTEGER NOT NULL,
    -- 1 for a head that nothing holds back.
    is_free INTEGER NOT NULL,
    -- What an operator said: 'retry', 'discard' or NULL.
    wish TEXT,
    UNIQUE (subscription, partition, key, position)
  );
  CREATE INDEX diptych_parked_heads ON diptych_parked (subscription, partition, position) WHERE is_head = 1;

  CREATE TABLE diptych_discarded (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    partition INTEGER NOT NULL,
    key TEXT NOT NULL,
    position TEXT NOT NULL,
    UNIQUE (subscription, key, position)
  );

  CREATE TABLE diptych_copies (
    copy INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    -- The declared indexes, as JSON.
    indexes TEXT NOT NULL,
    UNIQUE (model, version, generation)
  );
  -- Copies that are gone, while their documents are being removed bit by bit.
  CREATE TABLE diptych_dropped (copy INTEGER PRIMARY KEY);

  CREATE TABLE diptych_documents (
    document INTEGER PRIMARY KEY AUTOINCREMENT,
    copy INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    -- NULL for a tombstone.
    body TEXT,
    marks TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted_at INTEGER,
    UNIQUE (copy, tenant, id)
  );
  CREATE INDEX diptych_documents_deleted ON diptych_documents (copy, deleted_at) WHERE deleted_at IS NOT NULL;

  -- Where documents stand in declared indexes. A sort value of minus infinity stands for none.
  CREATE TABLE diptych_document_index (
    copy INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    sort NOT NULL,
    id TEXT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (copy, tenant, name, key, sort, id)
  ) WITHOUT ROWID;
  `,
];

export const currentSchemaVersion = schemaSteps.length;
