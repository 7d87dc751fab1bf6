import { FakeClock } from '@diptych/testing';
import { documentSinkContract, type SinkDocument } from '@diptych/testing/contracts';
import { MemoryDocumentSink } from './memory-document-sink.js';

const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 1_000 : 50 }, (_, index) => index + 1);

/** Why the suite wants a document refused. */
const refuse = (document: unknown) =>
  Number.isInteger((document as SinkDocument).total) ? undefined : 'total is no whole number';

for (const delayInMs of [0, 1_500]) {
  documentSinkContract(
    delayInMs === 0 ? 'memory' : 'memory, seen later',
    {
      lacks: { 'foreseen refusals': 'it refuses only what a test wants it to' },
      async open() {
        const clock = new FakeClock();
        const sink = new MemoryDocumentSink({ clock, delayInMs, refuse });
        return {
          sink,
          clock,
          advanceTime: (ms) => clock.advance(ms),
          shown: () => clock.advance(delayInMs),
          async seen({ model, version, ...copy }, tenant) {
            const handle = sink.open({ model, version, indexes: {} }, { model, version, ...copy }, tenant);
            return [...handle.documents<SinkDocument>().values()];
          },
        };
      },
    },
    { seeds },
  );
}
