import type { Position } from '@diptych/core';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { type Case, measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { fill } from './filled-journal.js';
import { type Ground, notRun, openGround, serverUrl, titleWithout } from './server.js';

const events = 20_000;
const batch = 500;

/** The journal from end to end, in batches, beside a `SELECT` of the same rows with the same limit. */
export const reading: Line = {
  id: 'sql/reading',
  title: `Reading a journal of ${events} events in batches of ${batch}${titleWithout}`,
  async run() {
    if (!serverUrl) return notRun;
    const ground = await openGround(2);
    await fill(ground, events);
    const work = new Work();
    const measurements = await measure(work, [ours(work, ground), bare(work, ground)], {
      turnInMs: 2_000,
      chunk: 1,
    });
    await ground.close();
    const ratio = ratioOf(named(measurements, 'ours').rates, named(measurements, 'SELECT').rates);
    return {
      readings: readingsOf(measurements),
      comparisons: [compare('our rate / rate of the SELECT', ratio, byMedian(atLeast(0.85)))],
    };
  },
};

function ours(work: Work, { database }: Ground): Case {
  return {
    name: 'ours',
    async call() {
      let after: Position | undefined;
      let read = 0;
      for (let caughtUp = false; !caughtUp; ) {
        const slice = await database.reader.readAll(after, { maxEvents: batch, maxBytes: 100_000_000 });
        after = slice.entries.at(-1)?.position ?? after;
        read += slice.entries.length;
        caughtUp = slice.caughtUp;
      }
      if (read !== events) throw new Error(`${read} of ${events} events were read.`);
      return work.handle();
    },
  };
}

function bare(work: Work, { pool, schema }: Ground): Case {
  const select = `
    SELECT TOP (${batch}) rv, first_index, partition, first_version, tenant, name, is_command, facts, data
    FROM [${schema}].[journal] WHERE rv > CAST(@rv AS binary(8)) OR (rv = CAST(@rv AS binary(8)) AND first_index > @index)
    ORDER BY rv, first_index`;
  return {
    name: 'SELECT',
    async call() {
      let [rv, index, read] = [0n, -1, 0];
      for (;;) {
        const { recordset } = await pool.request().input('rv', rv).input('index', index).query(select);
        const last = recordset.at(-1);
        if (last === undefined) break;
        read += recordset.length;
        rv = (last.rv as Buffer).readBigUInt64BE();
        index = last.first_index;
      }
      if (read !== events) throw new Error(`${read} of ${events} events were read.`);
      return work.handle();
    },
  };
}
