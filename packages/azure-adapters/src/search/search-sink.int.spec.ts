import { defineProjection } from '@diptych/core';
import { FakeClock } from '@diptych/testing';
import { documentSinkContract, type SinkDocument } from '@diptych/testing/contracts';
import { emulatedSearch } from '../fixtures/emulated-search.js';
import { searchIndex } from './declared-search-index.js';
import type { IndexHandle } from './index-handle.js';
import { searchSink } from './search-sink.js';

const notes = searchIndex(defineProjection<SinkDocument>({ name: 'notes', version: 1 }), {
  fields: {
    id: { type: 'text', filterable: true },
    total: { type: 'integer', filterable: true, sortable: true },
    streams: { type: 'texts', searchable: true, facetable: true },
  },
});

const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 1_000 : 50 }, (_, index) => index + 1);

/** How long the service does not show what it has acknowledged. */
const indexingDelayInMs = 1_000;

documentSinkContract(
  'Azure AI Search',
  {
    async open() {
      const [clock, service] = [new FakeClock(), await emulatedSearch({ indexingDelayInMs })];
      const sink = searchSink({ endpoint: service.endpoint, key: service.key, indexes: [notes] });
      return {
        sink,
        clock,
        async advanceTime(ms) {
          service.clock.advance(ms);
          await clock.advance(ms);
        },
        shown: async () => service.clock.advance(indexingDelayInMs),
        async seen(copy, tenant) {
          const { model, version } = copy;
          const handle = sink.open({ model, version, indexes: {} }, copy, tenant) as IndexHandle;
          const select = ['id', 'total', 'streams'];
          const { documents } = await handle.ask('*', { select, top: 1_000 });
          return documents as unknown as readonly SinkDocument[];
        },
        close: () => service.stop(),
      };
    },
  },
  { seeds },
);
