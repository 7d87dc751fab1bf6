import type { App } from '@diptych/core';
import { Hono } from 'hono';

export interface OperationsOptions {
  readonly app: Pick<App, 'describe' | 'operations'>;
}

/** What operators see and do, below `/operations`. Nothing of it is answered to anybody else. */
export function operationsRoutes(_options: OperationsOptions): Hono {
  return new Hono();
}
