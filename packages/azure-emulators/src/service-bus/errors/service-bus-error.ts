/** What the service refuses, under the AMQP condition by which the SDK knows it. */
export class ServiceBusError extends Error {
  override readonly name = 'ServiceBusError';

  constructor(
    readonly condition: string,
    readonly description: string,
  ) {
    super(`${condition}: ${description}`);
  }
}

/** What nobody thought of is an error of the server's, and no reason to end. */
export const asServiceBusError = (error: unknown): ServiceBusError =>
  error instanceof ServiceBusError ? error : new ServiceBusError('amqp:internal-error', String(error));

const named = (condition: string) => (description: string) => new ServiceBusError(condition, description);

export const badRequest = named('com.microsoft:argument-error');
export const decodeError = named('amqp:decode-error');
export const notAllowed = named('amqp:not-allowed');
export const notImplemented = named('amqp:not-implemented');
export const unauthorized = named('amqp:unauthorized-access');
export const quotaExceeded = named('amqp:resource-limit-exceeded');
export const serverBusy = named('com.microsoft:server-busy');

/** The SDK knows a missing entity by these words. */
export const entityNotFound = (path: string) =>
  new ServiceBusError('amqp:not-found', `The messaging entity '${path}' could not be found.`);

export const entityExists = (path: string) =>
  new ServiceBusError(
    'com.microsoft:entity-already-exists',
    `The messaging entity '${path}' already exists.`,
  );

export const entityDisabled = (path: string) =>
  new ServiceBusError(
    'com.microsoft:entity-disabled',
    `The messaging entity '${path}' is currently disabled for this operation.`,
  );

export const messageLockLost = () =>
  new ServiceBusError(
    'com.microsoft:message-lock-lost',
    'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
  );

export const sessionLockLost = (sessionId: string) =>
  new ServiceBusError(
    'com.microsoft:session-lock-lost',
    `The session lock on the session '${sessionId}' has expired. Accept the session again.`,
  );

export const sessionCannotBeLocked = (sessionId: string) =>
  new ServiceBusError(
    'com.microsoft:session-cannot-be-locked',
    `The requested session '${sessionId}' cannot be accepted. It may be locked by another receiver.`,
  );

export const noSessionInTime = () =>
  new ServiceBusError('com.microsoft:timeout', 'No session with messages could be locked in the time given.');

export const messageNotFound = (sequenceNumber: number) =>
  new ServiceBusError(
    'com.microsoft:message-not-found',
    `Failed to lock or find the message with sequence number ${sequenceNumber}.`,
  );

export const messageTooLarge = (sizeInBytes: number, limitInBytes: number) =>
  new ServiceBusError(
    'amqp:link:message-size-exceeded',
    `The received message (size: ${sizeInBytes} bytes) exceeds the limit (${limitInBytes} bytes) currently allowed on the link.`,
  );
