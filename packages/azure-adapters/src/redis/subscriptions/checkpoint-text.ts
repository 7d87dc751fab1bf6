import { type Checkpoint, type Position, restored, stored } from '@diptych/core';

/** The fields of a checkpoint as scripts take them; evidence that is absent is another thing than an empty text. */
export function checkpointValues(checkpoint: Checkpoint | undefined): readonly [string, string, string] {
  if (checkpoint === undefined) return ['', '', ''];
  const { position, entryId, evidence } = checkpoint;
  return [position, stored(entryId), evidence === undefined ? '' : `=${stored(evidence)}`];
}

/** As scripts give it back. */
export type CheckpointReply = readonly [
  position: string | null,
  entryId: string | null,
  evidence: string | null,
];

export function checkpointIn([position, entryId, evidence]: CheckpointReply): Checkpoint | undefined {
  if (position === null) return undefined;
  const at = { position: position as Position, entryId: restored(entryId ?? '') };
  return evidence === null ? at : { ...at, evidence: restored(evidence.slice(1)) };
}
