/** What an address of the service leads to. */
export interface EntityAddress {
  /** The queue or topic. */
  readonly entity: string;
  readonly subscription: string | undefined;
  readonly subQueue: 'dead-letter' | 'transfer-dead-letter' | undefined;
  readonly isManagement: boolean;
}

const management = /\/\$management$/i;
const transferDeadLetter = /\/\$transfer\/\$deadletterqueue$/i;
const deadLetter = /\/\$deadletterqueue$/i;
const subscription = /^(.+)\/subscriptions\/([^/]+)$/i;

/** Reads `orders`, `sb://host/topic/Subscriptions/one/$DeadLetterQueue/$management` and the like. */
export function parseAddress(address: string): EntityAddress {
  let path = address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
  const cut = (suffix: RegExp) => {
    const shorter = path.replace(suffix, '');
    const found = shorter !== path;
    path = shorter;
    return found;
  };
  const isManagement = cut(management);
  const subQueue = cut(transferDeadLetter)
    ? 'transfer-dead-letter'
    : cut(deadLetter)
      ? 'dead-letter'
      : undefined;
  const parts = subscription.exec(path);
  return { entity: parts?.[1] ?? path, subscription: parts?.[2], subQueue, isManagement };
}
