import { atLeast, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { fastest, named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { leanChain, plainChain } from './hand-chains.js';
import { CountingLogger } from './order.js';
import { shippedChain } from './shipped-chain.js';

/** Our behaviors against the same chain by hand: the faster of a plain one and of one made to be fast. */
export const shippedBehaviors: Line = {
  id: 'behaviors/shipped-behaviors',
  title: 'Time-out, logging and authorization with context, and a schema of three fields',
  async run() {
    const work = new Work();
    const logger = new CountingLogger();
    const measurements = await measure(work, [
      { name: 'Diptych', call: shippedChain(work, logger) },
      { name: 'by hand, lean', call: leanChain(work, logger) },
      { name: 'by hand, plain', call: plainChain(work, logger) },
    ]);
    if (logger.lines !== work.handled)
      throw new Error(`${logger.lines} log lines for ${work.handled} messages.`);
    const ours = named(measurements, 'Diptych');
    const byHand = measurements.slice(1);
    const best = fastest(byHand);
    return {
      readings: readingsOf(measurements),
      comparisons: byHand.map((other) =>
        compare(
          `shipped behaviors / ${other.name}`,
          ratioOf(ours.rates, other.rates),
          other === best ? atLeast(0.8) : undefined,
        ),
      ),
    };
  },
};
