/** What `DefaultAzureCredential` and the other classes of `@azure/identity` are. */
export interface AccessTokens {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** A topic's key, or an identity that may send to it. */
export type EventGridCredential = { readonly key: string } | { readonly credential: AccessTokens };

/**
 * How the web hook knows that it is Event Grid that calls: by a key in its address (`?key=…`) or in the header
 * `diptych-key`, or by a bearer token. Without either it takes nothing.
 */
export type WebHookAccess =
  | { readonly key: string }
  | {
      /** Resolves when the token is right: issuer, audience, times and signature. Rejects when it is not. */
      readonly verify: (token: string) => Promise<unknown>;
    };

export type EventGridOptions = EventGridCredential & {
  /** Of a custom topic: `https://<topic>.<region>-1.eventgrid.azure.net/api/events`. */
  readonly endpoint: string;
  readonly webHook?: WebHookAccess | undefined;
  /** The names of the programs whose events the web hook takes; others are refused. Default: any. */
  readonly sources?: readonly string[] | undefined;
};

export type EventGridNamespaceOptions = EventGridCredential & {
  /** `https://<namespace>.<region>-1.eventgrid.azure.net`. */
  readonly endpoint: string;
  /** A topic of the namespace. */
  readonly topic: string;
  /** A queue subscription of that topic; `undefined` for a process that only publishes. */
  readonly subscription?: string | undefined;
};

/** Tokens never go over HTTP; a key may, to an emulator. */
export function clientOptionsOf(endpoint: string) {
  const isLocal = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(endpoint);
  return {
    ...(isLocal && { allowInsecureConnection: true }),
    retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
  };
}
