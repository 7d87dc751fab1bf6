import type { Container } from '@azure/cosmos';
import { DiptychError } from '@diptych/core';

/** What the client of the SDK keeps of the answers that it has got. */
interface KeptTokens {
  get(request: { readonly resourceAddress: string }): string;
}

/**
 * How far the client has seen the container, in all ranges of partition keys: what it has written, and what it has read.
 * The SDK sends that with each request and does not tell it: answers to a bulk come without their headers.
 * @throws DiptychError `cosmos-sdk` when this version of the SDK keeps it elsewhere.
 */
export function clientSession(container: Container): () => string {
  const { clientContext } = container as unknown as {
    readonly clientContext?: { readonly sessionContainer?: KeptTokens };
  };
  const kept = clientContext?.sessionContainer;
  if (typeof kept?.get !== 'function') {
    throw new DiptychError({
      code: 'cosmos-sdk',
      message:
        'This version of @azure/cosmos does not tell its session tokens. Take one that is known to: 4.9 or 4.10.',
      origin: 'programming',
    });
  }
  return () => kept.get({ resourceAddress: container.url });
}
