import type { Envelope, WriteBatch } from '@diptych/core';

/** The messages that a batch writes, scheduled commands among them. */
export function envelopesIn({ entries }: WriteBatch): readonly Envelope[] {
  return entries.flatMap((entry): readonly Envelope[] => {
    if (entry.kind === 'append') return entry.events;
    return entry.kind === 'cancel' ? [] : [entry.command];
  });
}
