import { type MemoryDatabase, memoryDatabase } from '@diptych/core/memory';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { ratioOf } from '../harness/spread.js';
import { inTurns, rounds } from '../harness/turns.js';
import { notedIn, noteNamed } from '../notes/noted.js';
import { ourProjector } from '../notes/our-projector.js';
import { lineOn } from './line-on-store.js';
import { projectorByHand } from './projector-by-hand.js';
import type { StoreCase } from './store-case.js';

const events = 100_000;
const documents = 10_000;
/** So many documents get events at the same time, one after the other, until they have all of theirs. */
const atWork = 1_000;
const eventsPerUnit = 1_000;

/**
 * Both read the same journal, in memory, a part of it in each round, and in turn. As many events again, of other
 * documents, come first, in as many rounds, and warm up.
 */
export function projecting(store: StoreCase): Line {
  return lineOn(store, {
    id: `read-models/projecting-${store.id}`,
    title: `Projecting ${events} events over ${documents} documents in ${store.name}`,
    async measure({ readModels, byHand }) {
      const database = await filledMemory();
      const ways = [
        await ourProjector({ ...database, readModels }),
        projectorByHand(database.reader, byHand),
      ];
      const { rates, readings, cpu } = await inTurns(ways, Math.floor(events / rounds), 'events', rounds);
      return {
        readings,
        comparisons: [
          compare(
            `our rate / rate by hand with ${store.sdk}`,
            ratioOf(rates[0]!, rates[1]!),
            byMedian(atLeast(0.75)),
          ),
        ],
        checks: [{ what: 'the processor of the client, per event', passed: true, seen: cpu }],
      };
    },
  });
}

async function filledMemory(): Promise<MemoryDatabase> {
  const database = memoryDatabase();
  for (let first = 0; first < 2 * events; first += eventsPerUnit) {
    const entries = Array.from({ length: eventsPerUnit }, (_, index) => notedIn(noteOf(first + index)));
    await database.writeStore.commit({ entries });
  }
  return database;
}

function noteOf(event: number): string {
  const eventsTogether = (events / documents) * atWork;
  return noteNamed(Math.floor(event / eventsTogether) * atWork + (event % atWork));
}
