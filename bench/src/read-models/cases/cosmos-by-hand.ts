import {
  type Container,
  type OperationInput,
  type OperationResponse,
  PartitionKeyDefinitionVersion,
  PartitionKeyKind,
} from '@azure/cosmos';
import type { NoteByHand, NotesByHand } from '../projector-by-hand.js';

/** As ours has it: the driver takes its time for each part of a key. */
export const partitionKeyByHand = {
  paths: ['/copy', '/tenant', '/place'],
  kind: PartitionKeyKind.MultiHash,
  version: PartitionKeyDefinitionVersion.V2,
};
const [copy, tenant] = ['a-copy-by-hand', 'default'];

export function keyOf(note: string): string[] {
  return [copy, tenant, note];
}

export function addressFields(note: string) {
  return { id: note, copy, tenant, place: note };
}

/** As many as a request of ours takes; all requests of a batch are on their way together. */
const operationsInRequest = 100;

/** A document is an item, which is replaced if its etag is still the one that was loaded. */
export function cosmosNotesByHand(container: Container): NotesByHand {
  const run = async (operations: OperationInput[]): Promise<readonly OperationResponse[]> => {
    const parts: OperationInput[][] = [];
    for (let from = 0; from < operations.length; from += operationsInRequest)
      parts.push(operations.slice(from, from + operationsInRequest));
    const options = { contentResponseOnWriteEnabled: false };
    return (await Promise.all(parts.map((part) => container.items.bulk(part, {}, options)))).flat();
  };
  return {
    async load(notes) {
      const answers = await run(notes.map((id) => ({ operationType: 'Read', id, partitionKey: keyOf(id) })));
      return answers.map(({ statusCode, resourceBody, eTag }) => {
        if (statusCode === 404) return undefined;
        if (statusCode !== 200) throw new Error(`A note was not read: ${statusCode}.`);
        const { document, marks } = resourceBody as unknown as NoteByHand;
        return { document, marks, revision: eTag };
      });
    },
    async write(notes) {
      const answers = await run(notes.map(operationOf));
      const refused = answers.filter(({ statusCode }) => statusCode >= 300);
      if (refused.length > 0) throw new Error(`${refused.length} of ${notes.length} notes were not written.`);
    },
  };
}

function operationOf({ document, marks, revision }: NoteByHand): OperationInput {
  const [id, partitionKey] = [document.note, keyOf(document.note)];
  const resourceBody = { ...addressFields(id), document, marks } as never;
  return revision === undefined
    ? { operationType: 'Create', partitionKey, resourceBody }
    : { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: revision };
}
