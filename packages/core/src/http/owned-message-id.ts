import { digest, randomText } from './digest.js';

/** Who sent which command. */
export interface Owner {
  readonly subjectId: string;
  readonly tenant: string;
  readonly wireName: string;
}

const proofBytes = 16;

/**
 * A message id that only its owner can ask about. Its second half is a hash of the first half and the owner, so
 * that the edge can tell whose command it is without storing anything: another subject's hash differs, and
 * whoever makes up an id of their own finds no command under it.
 *
 * With an `Idempotency-Key` the same owner gets the same id again, so that the command runs once.
 */
export async function ownedMessageId(owner: Owner, idempotencyKey: string | undefined): Promise<string> {
  const start =
    idempotencyKey === undefined ? randomText(proofBytes) : await digestOf(['key', idempotencyKey], owner);
  return `${start}.${await digestOf(['owner', start], owner)}`;
}

export async function isOwnedBy(messageId: string, owner: Owner): Promise<boolean> {
  const [start = '', proof = '', ...rest] = messageId.split('.');
  return rest.length === 0 && proof === (await digestOf(['owner', start], owner));
}

function digestOf(parts: readonly string[], { subjectId, tenant, wireName }: Owner): Promise<string> {
  return digest(JSON.stringify([...parts, subjectId, tenant, wireName]), proofBytes);
}
