/** Speaks to the shop over HTTP: commands, queries, and faults that name their place. */

/** What went wrong, as the shop says it: RFC 9457. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly path?: readonly (string | number)[];
  /** What is wrong with the message's fields, the first one first. */
  readonly faults?: readonly { readonly message: string }[];
  readonly details?: { readonly path?: readonly (string | number)[] };
}

export class ShopProblem extends Error {
  readonly code: string;
  /** Which field of the message is at fault; empty when none is. */
  readonly path: readonly (string | number)[];

  constructor(problem: Problem) {
    super(problem.faults?.[0]?.message ?? problem.detail);
    this.code = problem.code;
    this.path = problem.path ?? problem.details?.path ?? [];
  }
}

export interface Receipt<Result> {
  readonly result: Result;
  /** Given to a query, it answers with this command's effect. */
  readonly consistency: string;
}

export interface AskOptions {
  /** The receipt of a command whose effect must be in the answer. */
  readonly after?: string;
  /** Stops waiting for an answer that is of no interest any more. */
  readonly signal?: AbortSignal;
}

export async function execute<Result>(
  name: string,
  data: object,
  identity: string,
  key: string,
): Promise<Receipt<Result>> {
  const response = await post(`commands/${name}`, data, identity, { 'Idempotency-Key': key });
  const { result } = (await response.json()) as { result: Result };
  return { result, consistency: response.headers.get('Diptych-Consistency') ?? '' };
}

export async function ask<Result>(
  name: string,
  data: object,
  identity: string,
  { after = '', signal }: AskOptions = {},
): Promise<Result> {
  const headers: Record<string, string> = after === '' ? {} : { 'Diptych-After': after };
  const response = await post(`queries/${name}`, data, identity, headers, signal);
  return (await response.json()) as Result;
}

const noIdentity = {
  code: 'unauthenticated',
  detail: "It must be a customer's number or 'operator'.",
};

async function post(
  path: string,
  data: object,
  identity: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  // A header cannot even carry such a text, so the shop cannot say it.
  if (/[^\u0020-\u00ff]/.test(identity)) throw new ShopProblem(noIdentity);
  const response = await fetch(`/${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(identity === '' ? {} : { 'Shop-Identity': identity }),
      ...headers,
    },
    body: JSON.stringify(data),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ShopProblem({ code: 'unreachable', detail: 'The shop cannot be reached.' });
  });
  if (response.ok) return response;
  const fallback = { code: 'unexpected', detail: `The shop answered with status ${response.status}.` };
  throw new ShopProblem((await response.json().catch(() => fallback)) as Problem);
}
