import { CosmosClient } from '@azure/cosmos';
import { cosmosDatabase, cosmosReadModels } from '@diptych/azure-adapters/cosmos';
import type { NoteDocument } from '../../notes/noted.js';
import { emulator } from '../../servers/emulator.js';
import type { StoreCase } from '../store-case.js';
import { addressFields, cosmosNotesByHand, keyOf, partitionKeyByHand } from './cosmos-by-hand.js';

/** On the emulator. */
export const cosmosCase: StoreCase = {
  id: 'cosmos',
  name: 'Cosmos DB',
  sdk: '@azure/cosmos',
  missing: undefined,
  async open() {
    const server = await emulator('cosmos');
    const { connectionString } = server;
    const ours = await cosmosDatabase({ connection: connectionString, database: 'bench' });
    const client = new CosmosClient(connectionString);
    const { containers } = client.database('bench');
    const { container } = await containers.create({ id: 'by-hand', partitionKey: partitionKeyByHand });
    const { container: read } = await containers.create({ id: 'read', partitionKey: partitionKeyByHand });
    return {
      readModels: await cosmosReadModels({ database: ours }),
      put: (document) => read.items.create({ ...addressFields(document.note), ...document }),
      read: async (note) =>
        (await read.item(note, keyOf(note)).read<NoteDocument & { id: string }>()).resource!,
      byHand: cosmosNotesByHand(container),
      async close() {
        await ours.close();
        client.dispose();
        await server.stop();
      },
    };
  },
};
