import { encodeData } from '../messages/message-codec.js';
import { murmur3 } from '../partitions/murmur3.js';
import type { ClaimRequest } from '../unit-of-work/unit-of-work-request.js';
import type { DispatchOptions } from './command-bus.js';
import type { CommandMessageContext } from './command-context.js';
import type { CommandRegistration } from './command-handler.js';

export interface ClaimSettings {
  /** How long a copy waits for the first one, in milliseconds. */
  readonly waitInMs: number;
  /** How long a command is remembered unless its handler says otherwise, in milliseconds. */
  readonly rememberForMs: number;
}

/**
 * Under which name a command is remembered; `undefined` for one whose id nobody outside knows. An
 * `idempotencyKey` is the caller's own, so it counts for that subject only; an `id` is unique by itself.
 */
export function claimFor(
  message: object,
  context: CommandMessageContext,
  handler: CommandRegistration,
  settings: ClaimSettings,
): ClaimRequest | undefined {
  const { id, idempotencyKey } = context.options as DispatchOptions;
  if (id === undefined && idempotencyKey === undefined && !context.queued) return undefined;
  return {
    key: {
      tenant: context.tenant,
      handler: `command:${context.name}`,
      scope: idempotencyKey === undefined ? '' : context.subject.id,
      id: idempotencyKey === undefined ? context.id : `key:${idempotencyKey}`,
      fingerprint: fingerprintOf(encodeData(message)),
    },
    waitInMs: settings.waitInMs,
    rememberForMs: handler.rememberForMs ?? settings.rememberForMs,
    remember: handler.remember,
    recordRefusals: context.queued,
    encodeResult: (result) => JSON.stringify(result) as string | undefined,
  };
}

/** Tells payloads apart that were sent under one key by mistake. */
function fingerprintOf(data: string): string {
  return `${data.length}-${murmur3(data).toString(16)}-${murmur3(`:${data}`).toString(16)}`;
}
