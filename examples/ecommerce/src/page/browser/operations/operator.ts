import type { OperatorAction, PartitionDetail } from './snapshot.js';

/** Speaks to the shop on behalf of an operator. */
export class Operator {
  readonly #identity: string;

  constructor(identity: string) {
    this.#identity = identity;
  }

  /** Resolves to what came of it; `done`, or why there was nothing to do. Rejects with a text for people. */
  async ask(action: OperatorAction): Promise<string> {
    const response = await this.#fetch('actions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(action),
    });
    return ((await response.json()) as { readonly outcome: string }).outcome;
  }

  async partitions(subscription: string): Promise<readonly PartitionDetail[]> {
    const response = await this.#fetch(`partitions?subscription=${encodeURIComponent(subscription)}`);
    return (await response.json()) as readonly PartitionDetail[];
  }

  async wiring<Description>(): Promise<{ readonly app: Description; readonly mermaid: string }> {
    const response = await this.#fetch('wiring');
    return (await response.json()) as { readonly app: Description; readonly mermaid: string };
  }

  async #fetch(path: string, request: RequestInit = {}): Promise<Response> {
    const headers = { ...request.headers, 'Shop-Identity': this.#identity };
    const response = await fetch(`/operations/${path}`, { ...request, headers }).catch(() => {
      throw new Error('The shop cannot be reached.');
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => undefined)) as
      | { readonly detail?: string }
      | undefined;
    throw new Error(problem?.detail ?? `The shop answered with status ${response.status}.`);
  }
}
