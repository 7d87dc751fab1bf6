import { atLeast, compareWithPeer } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { fastest, named, readingsOf } from '../harness/readings.js';
import { Work } from '../harness/work.js';
import { ourCommands } from '../ours/commands.js';
import { emmettPeer } from '../peers/emmett.js';
import { mediatrPeer } from '../peers/mediatr.js';
import { nestPeer } from '../peers/nest.js';

/** One command through a bus with nothing around it: no validation, no policy, no unit of work, theirs neither. */
export function bareExecute(width: number): Line {
  return {
    id: `buses/bare-execute-${width}`,
    title: `Bare execute of a command, registered types: ${width}`,
    async run() {
      const work = new Work();
      const nest = await nestPeer(work, width);
      const measurements = await measure(work, [
        { name: 'Diptych', call: ourCommands(work, width) },
        { name: '@nestjs/cqrs', call: nest.command },
        { name: 'mediatr-ts', call: mediatrPeer(work, width).send },
        { name: 'Emmett', call: emmettPeer(work, width).send },
        { name: 'Diptych, handler per message', call: ourCommands(work, width, { lifetime: 'request' }) },
      ]);
      const ours = named(measurements, 'Diptych');
      const peers = measurements.slice(1, 4);
      const best = fastest(peers);
      return {
        readings: readingsOf(measurements),
        comparisons: peers.map((peer) =>
          compareWithPeer(
            `bare execute / ${peer.name}, types: ${width}`,
            ours,
            peer,
            peer === best ? atLeast(0.9) : undefined,
          ),
        ),
      };
    },
  };
}
