import type { HandContext } from './by-hand.js';

const nobody = Object.freeze({ id: '', roles: [] });

/** A context as most people write it: everything is made at once. */
export function eagerContext(name: string): HandContext {
  const controller = new AbortController();
  return {
    id: crypto.randomUUID(),
    name,
    subject: nobody,
    tenant: 'default',
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
  };
}

/** A context as somebody writes it who has measured the other one: the signal is made when a handler asks. */
export class LeanContext implements HandContext {
  readonly id = crypto.randomUUID();
  readonly subject = nobody;
  readonly tenant = 'default';
  private controller: AbortController | undefined = undefined;
  private reason: unknown = undefined;

  constructor(readonly name: string) {}

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.reason !== undefined) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.reason = reason;
    this.controller?.abort(reason);
  }
}
