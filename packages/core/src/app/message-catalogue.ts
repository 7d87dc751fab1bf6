import type { DiptychError } from '../errors/diptych-error.js';
import { isDiptychError } from '../errors/diptych-error.js';
import type { MessageType } from '../messages/message.js';
import { MessageRegistry } from '../messages/message-registry.js';
import type { Registrations } from './registrations.js';

/** Every message that an app knows, by wire name, and which names are used twice. */
export function catalogueOf(
  { commands, queries, eventHandlers, projections }: Registrations,
  more: readonly MessageType[],
): { readonly registry: MessageRegistry; readonly faults: readonly DiptychError[] } {
  const registry = new MessageRegistry();
  const faults: DiptychError[] = [];
  const types: readonly MessageType[] = [
    ...commands.map(({ message }) => message),
    ...queries.map(({ message }) => message),
    ...eventHandlers.map(({ message }) => message),
    ...projections.flatMap(({ folds }) => folds.map(({ event }) => event)),
    ...more,
  ];
  for (const type of new Set(types)) {
    try {
      registry.add(type);
    } catch (error) {
      if (!isDiptychError(error)) throw error;
      faults.push(error);
    }
  }
  return { registry, faults };
}
