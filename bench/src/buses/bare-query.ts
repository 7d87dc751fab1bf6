import { compareWithPeer } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { Work } from '../harness/work.js';
import { ourQueries } from '../ours/queries.js';
import { mediatrPeer } from '../peers/mediatr.js';
import { nestPeer } from '../peers/nest.js';

/** One query through a bus with nothing around it. Emmett has no queries. */
export function bareQuery(width: number): Line {
  return {
    id: `buses/bare-query-${width}`,
    title: `Bare execute of a query, registered types: ${width}`,
    async run() {
      const work = new Work();
      const nest = await nestPeer(work, width);
      const measurements = await measure(work, [
        { name: 'Diptych', call: ourQueries(work, width) },
        { name: '@nestjs/cqrs', call: nest.query },
        { name: 'mediatr-ts', call: mediatrPeer(work, width).send },
      ]);
      const ours = named(measurements, 'Diptych');
      return {
        readings: readingsOf(measurements),
        comparisons: measurements
          .slice(1)
          .map((peer) => compareWithPeer(`bare query / ${peer.name}, types: ${width}`, ours, peer)),
      };
    },
  };
}
