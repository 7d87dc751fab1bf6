import type { HttpApp } from './http-app.js';
import type { Caller } from './identity.js';
import type { BodyLimits } from './request-body.js';

/** One request on its way, with what the endpoints need of the handler's options. */
export interface Exchange {
  readonly app: HttpApp;
  readonly request: Request;
  readonly parameters: URLSearchParams;
  readonly basePath: string;
  readonly limits: BodyLimits;
  /** The request headers that the answer depends on. */
  readonly varyBy: readonly string[];
  /** Asks who is calling; each endpoint does so once, when it knows that there is something to ask for. */
  readonly identifyCaller: () => Promise<Caller>;
}
