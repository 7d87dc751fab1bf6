import { DiptychError, UnavailableError } from '@diptych/core';

interface Coded {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
}

/** The code of an error of the SDK. After several attempts it wraps all of their errors, and has none itself. */
export function serviceBusCode(error: unknown): string | undefined {
  const { code, errors } = (error ?? {}) as Coded;
  if (typeof code === 'string') return code;
  return errors?.map(serviceBusCode).findLast((one) => one !== undefined);
}

function textOf(error: unknown): string {
  const { message, errors } = (error ?? {}) as Coded;
  const [last] = (errors ?? []).slice(-1);
  return last !== undefined && !message ? textOf(last) : String(message ?? error);
}

const refusals: Readonly<Record<string, string>> = {
  UnauthorizedAccess: 'the key or credential does not give the right to',
  MessagingEntityNotFound: 'the entity does not exist; `topology: "create"` makes it:',
  MessagingEntityDisabled: 'the entity is disabled, so it is not possible to',
};

/**
 * A fault of the broker as one of ours.
 * @param doing what was tried: `send to 'orders'`.
 */
export function serviceBusError(error: unknown, doing: string): DiptychError {
  if (error instanceof DiptychError) return error;
  const code = serviceBusCode(error);
  const refusal = refusals[code ?? ''];
  // A key can be given, an entity made and enabled while the program runs: it goes on by itself then.
  if (refusal !== undefined)
    return new UnavailableError(`Service Bus: ${refusal} ${doing}. ${textOf(error)}`, causeOf(error, code));
  return new UnavailableError(
    `Service Bus could not ${doing}: ${textOf(error)}${code === undefined ? '' : ` (${code})`}`,
    causeOf(error, code),
  );
}

/** What the SDK throws may carry the request with its signature, and causes are logged: only what it says is kept. */
function causeOf(error: unknown, code: string | undefined): Error {
  return Object.assign(new Error(textOf(error)), { code });
}

/** A message is larger than the tier takes. */
export function messageTooLarge(id: string, destination: string, maxBytes: number): DiptychError {
  return new DiptychError({
    code: 'message-too-large',
    message: `Message ${id} to '${destination}' has more than the ${maxBytes} bytes that Service Bus takes.`,
    details: { id, destination, maxBytes },
  });
}
