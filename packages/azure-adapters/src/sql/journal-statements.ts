import { journalColumns } from './journal-codec.js';
import type { SqlTables } from './sql-tables.js';

/**
 * What the journal is read by. Each begins with the mark below which everything is decided: taken in a statement of its
 * own, before the rows are looked at, so that a commit between the two cannot be passed over.
 */
export function journalStatements({ journal, meta }: SqlTables) {
  const mark = 'DECLARE @hw binary(8) = MIN_ACTIVE_ROWVERSION();';

  // Where a partition goes on: behind its row, or within it where only a part was read.
  const places = `OPENJSON(@places) WITH (partition int '$[0]', rv bigint '$[1]', i int '$[2]')`;
  const behind = (place: string) =>
    `j.rv >= CAST(${place}.rv AS binary(8)) AND j.rv < @hw
     AND (j.rv > CAST(${place}.rv AS binary(8)) OR j.first_index + j.event_count - 1 > ${place}.i)`;

  // Rows up to the limits, and the first that is beyond: it tells that there is more.
  const bounded = `WHERE s.events - s.event_count <= @maxEvents AND s.size - s.bytes <= @maxBytes`;
  const sums = `SUM(event_count) OVER (ORDER BY rv, first_index ROWS UNBOUNDED PRECEDING) AS events,
    SUM(CAST(bytes AS bigint)) OVER (ORDER BY rv, first_index ROWS UNBOUNDED PRECEDING) AS size`;
  // How large the rows are is the reader's to watch: sums over them would cost more than the rows.
  const next = (condition: string) => `
    SELECT TOP (@rows) ${journalColumns} FROM ${journal} AS j WHERE ${condition} ORDER BY j.rv, j.first_index`;

  return {
    info: `SELECT name, value FROM ${meta} WHERE name IN ('incarnation', 'partitions')`,

    /** Everything behind a place, as the journal lies. */
    all: `${mark}
      DECLARE @after binary(8) = CAST(@rv AS binary(8));
      ${next('j.rv >= @after AND j.rv < @hw AND (j.rv > @after OR j.first_index + j.event_count - 1 > @i)')}`,

    /** The same, from the first row on that one of several partitions has not seen. */
    dense: `${mark}
      DECLARE @first binary(8);
      SELECT @first = CAST(MIN(CAST(n.rv AS bigint)) AS binary(8)) FROM ${places} AS f CROSS APPLY (
        SELECT TOP (1) j.rv FROM ${journal} AS j WHERE j.partition = f.partition AND ${behind('f')}
        ORDER BY j.rv, j.first_index) AS n;
      IF @first IS NOT NULL ${next('j.rv >= @first AND j.rv < @hw')}`,

    /** The rows of some partitions, merged: each is a seek. */
    merged: `${mark}
      WITH found AS (
        SELECT TOP (@maxEvents + 1) k.rv, k.first_index, k.event_count, k.bytes
        FROM ${places} AS f CROSS APPLY (
          SELECT TOP (@maxEvents + 1) j.rv, j.first_index, j.event_count, j.bytes
          FROM ${journal} AS j WHERE j.partition = f.partition AND ${behind('f')}
          ORDER BY j.rv, j.first_index) AS k
        ORDER BY k.rv, k.first_index),
      summed AS (SELECT found.*, ${sums} FROM found)
      SELECT ${journalColumns}
      FROM summed AS s JOIN ${journal} AS j ON j.rv = s.rv AND j.first_index = s.first_index
      ${bounded} ORDER BY s.rv, s.first_index`,

    /** The last entry of some partitions that can be read. */
    ends: `${mark}
      SELECT f.partition, n.rv, n.last_index FROM ${places} AS f CROSS APPLY (
        SELECT TOP (1) j.rv, j.first_index + j.event_count - 1 AS last_index FROM ${journal} AS j
        WHERE j.partition = f.partition AND j.rv < @hw ORDER BY j.rv DESC, j.first_index DESC) AS n`,

    /** The last entry of each partition that is committed, whether it can be read already or not. */
    heads: `
      SELECT f.partition, n.rv, n.last_index FROM ${places} AS f CROSS APPLY (
        SELECT TOP (1) j.rv, j.first_index + j.event_count - 1 AS last_index FROM ${journal} AS j
        WHERE j.partition = f.partition ORDER BY j.rv DESC, j.first_index DESC) AS n`,

    at: `SELECT ${journalColumns} FROM ${journal} AS j
      WHERE j.rv = CAST(@rv AS binary(8)) AND j.partition = @partition
        AND j.first_index <= @i AND j.first_index + j.event_count > @i`,

    /** How many entries are behind a place, those of a row that was read in part included, and the first row of them. */
    backlog: `
      DECLARE @after binary(8) = CAST(@rv AS binary(8));
      SELECT SUM(CAST(event_count AS bigint)) FROM ${journal} WHERE partition = @partition AND rv >= @after
        AND (rv > @after OR first_index + event_count - 1 > @i);
      SELECT TOP (1) ${journalColumns} FROM ${journal} AS j WHERE j.partition = @partition AND j.rv >= @after
        AND (j.rv > @after OR j.first_index + j.event_count - 1 > @i) ORDER BY j.rv, j.first_index`,
  };
}
