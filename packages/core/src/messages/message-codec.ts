import { DiptychError } from '../errors/diptych-error.js';
import { definitionOf, type Message, type MessageType, revive } from './message.js';
import { parse } from './schema.js';

/** A stored or received message cannot be made into one of ours: unknown name, newer version, broken text. */
export class UnreadableMessageError extends DiptychError {
  constructor(message: string, details: Readonly<Record<string, unknown>>, cause?: unknown) {
    super({ code: 'unreadable-message', message, details, cause });
  }
}

/** The data of a message as JSON text: what the envelope carries. */
export function encodeData(message: object): string {
  return JSON.stringify(message);
}

/** What a reader needs of an envelope to read its data. */
export interface EncodedMessage {
  readonly name: string;
  readonly schemaVersion: number;
  readonly data: string;
}

/**
 * The message in an envelope, lifted to the present schema version and validated once. `null` when an upcaster
 * dropped it.
 * @throws UnreadableMessageError when the text is broken or the version is newer than the program's;
 *   InvalidMessageError when the lifted data does not fit the schema.
 */
export function decodeMessage<M extends Message>(type: MessageType<M>, encoded: EncodedMessage): M | null {
  const definition = definitionOf(type);
  if (definition === undefined)
    throw new UnreadableMessageError(`'${encoded.name}' is not known here.`, { ...about(encoded) });
  if (encoded.schemaVersion > definition.version) {
    throw new UnreadableMessageError(
      `'${encoded.name}' has schema version ${encoded.schemaVersion}; this program knows ${definition.version} at most.`,
      about(encoded),
    );
  }
  const lifted = upcast(definition.upcasters.slice(encoded.schemaVersion - 1), parseJson(encoded));
  if (lifted === null) return null;
  const data = definition.schema === undefined ? {} : parse(definition.schema, lifted, encoded.name);
  return revive(type, data as object);
}

function upcast(upcasters: readonly ((data: never) => unknown)[], data: unknown): unknown {
  let lifted = data;
  for (const step of upcasters) {
    if (lifted === null) return null;
    lifted = step(lifted as never);
  }
  return lifted;
}

function parseJson(encoded: EncodedMessage): unknown {
  try {
    return JSON.parse(encoded.data);
  } catch (cause) {
    throw new UnreadableMessageError(`The data of '${encoded.name}' is not JSON.`, about(encoded), cause);
  }
}

function about(encoded: EncodedMessage) {
  return { wireName: encoded.name, schemaVersion: encoded.schemaVersion };
}
