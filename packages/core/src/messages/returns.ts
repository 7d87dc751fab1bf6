import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type MessageDefinition, messageClass } from './message.js';

/** Commands and queries alike: a class with `returns`, which makes the same class with another result. */
export function withReturns(definition: MessageDefinition): unknown {
  const type = messageClass(definition) as object;
  Object.defineProperty(type, 'returns', {
    value: (resultSchema?: StandardSchemaV1) => withReturns({ ...definition, resultSchema }),
  });
  return type;
}
