/** What can be told of a request that was not answered as it should be. */
export interface RequestFailure {
  /** The service's answer; `undefined` where there was none that anybody could read. */
  readonly status: number | undefined;
  readonly substatus: number | undefined;
  /** How long the service wants to be left alone. */
  readonly retryAfterInMs: number | undefined;
  /** By which the service's operators find the request. */
  readonly activityId: string | undefined;
  /** What Node or the SDK calls it where there was no answer: `ECONNRESET`, `TimeoutError`. */
  readonly name: string | undefined;
}

/** Of the SDK's errors, of plain objects that bulk operations have in their place, and of operations in a batch. */
interface Failed {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly substatus?: unknown;
  readonly subStatusCode?: unknown;
  readonly retryAfterInMs?: unknown;
  readonly retryAfterMilliseconds?: unknown;
  readonly activityId?: unknown;
  /** Of an error of ours, with which a request ends that was throttled for too long. */
  readonly details?: { readonly status?: unknown };
  readonly name?: unknown;
  readonly message?: unknown;
}

/** What the service says, also where the SDK leaves nothing else of its answer. */
const texts: readonly (readonly [RegExp, number])[] = [
  [/Request rate is large|TooManyRequests/, 429],
  [/Request size is too large|RequestEntityTooLarge/, 413],
];

export function requestFailure(error: unknown): RequestFailure {
  const failed = (error ?? {}) as Failed;
  const status = numberIn(failed.code) ?? numberIn(failed.statusCode) ?? numberIn(failed.details?.status);
  return {
    status: status ?? statusInText(failed.message),
    substatus: numberIn(failed.substatus) ?? numberIn(failed.subStatusCode),
    retryAfterInMs: numberIn(failed.retryAfterInMs) ?? numberIn(failed.retryAfterMilliseconds),
    activityId: textIn(failed.activityId),
    name: textIn(failed.code) ?? textIn(failed.name),
  };
}

const isUndecided: ReadonlySet<number> = new Set([408, 410]);
/** There was not even a connection. */
const isUnsent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether a write that failed so may have been done, or may still be. */
export function mayBeDone(error: unknown): boolean {
  const { status, name } = requestFailure(error);
  if (status !== undefined) return status >= 500 || isUndecided.has(status);
  return name === undefined || !isUnsent.has(name);
}

function statusInText(text: unknown): number | undefined {
  return texts.find(([pattern]) => pattern.test(String(text)))?.[1];
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
