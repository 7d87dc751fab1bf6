import { atLeast, compare, compareWithPeer } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { ourNotifications } from '../ours/unjournalled.js';
import { emmettPeer } from '../peers/emmett.js';
import { mediatrPeer } from '../peers/mediatr.js';
import { nestPeer } from '../peers/nest.js';

const many = 500;

/** An event in the process until its handler is done, with few and with many registered types. */
export const notifications: Line = {
  id: 'events/notifications',
  title: `An event in the process until its handler is done, registered types: 1 and ${many}`,
  async run() {
    const work = new Work();
    const nest = await nestPeer(work, many);
    const measurements = await measure(work, [
      { name: 'Diptych, 1', call: ourNotifications(work, 1) },
      { name: `Diptych, ${many}`, call: ourNotifications(work, many) },
      { name: `@nestjs/cqrs, ${many}`, call: nest.event },
      { name: `mediatr-ts, ${many}`, call: mediatrPeer(work, many).publish },
      { name: `Emmett, ${many}`, call: emmettPeer(work, many).publish },
    ]);
    const ours = named(measurements, `Diptych, ${many}`);
    return {
      readings: readingsOf(measurements),
      comparisons: [
        compare(
          `event, types: ${many} / types: 1`,
          ratioOf(ours.rates, named(measurements, 'Diptych, 1').rates),
          atLeast(0.5),
        ),
        ...measurements.slice(2).map((peer) => compareWithPeer(`event / ${peer.name}`, ours, peer)),
      ],
    };
  },
};
