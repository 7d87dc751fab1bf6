import { identity } from '../identity.js';
import type { OperatorAction, PartitionDetail } from './snapshot.js';

/** Resolves to what came of it: `done`, or why there was nothing to do. Rejects with a text for people. */
export async function ask(action: OperatorAction): Promise<string> {
  const { outcome } = await answerOf<{ readonly outcome: string }>('actions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(action),
  });
  return outcome;
}

export function partitionsOf(subscription: string): Promise<readonly PartitionDetail[]> {
  return answerOf(`partitions?subscription=${encodeURIComponent(subscription)}`);
}

/** How the program describes itself. */
export function wiringOf<Description>(): Promise<{ readonly app: Description; readonly mermaid: string }> {
  return answerOf('wiring');
}

async function answerOf<Answer>(path: string, request: RequestInit = {}): Promise<Answer> {
  const headers = { ...request.headers, 'Shop-Identity': identity() };
  const response = await fetch(`/operations/${path}`, { ...request, headers }).catch(() => {
    throw new Error('The shop cannot be reached.');
  });
  if (response.ok) return (await response.json()) as Answer;
  const problem = (await response.json().catch(() => undefined)) as { readonly detail?: string } | undefined;
  throw new Error(problem?.detail ?? `The shop answered with status ${response.status}.`);
}
