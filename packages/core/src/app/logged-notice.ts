import type { SubscriptionNotice } from '../subscriptions/subscription-notice.js';
import type { Logger } from '../telemetry/logger.js';

type Level = keyof Logger;

const levels: Readonly<Record<SubscriptionNotice['kind'], Level>> = {
  'partition-taken': 'debug',
  'partition-left': 'debug',
  'partition-paused': 'warn',
  'partition-resumed': 'info',
  'partition-stopped': 'error',
  'partition-rewound': 'warn',
  'message-parked': 'warn',
  'leases-paused': 'warn',
  'leases-resumed': 'info',
  'arrivals-paused': 'warn',
  'arrivals-resumed': 'info',
};

/** Writes a change of state to the log. A message that waits for an operator is an error, one with a due time is not. */
export function loggedNotice(logger: Logger, notice: SubscriptionNotice): void {
  const isHeld = notice.kind === 'message-parked' && notice.failure.delayInMs === undefined;
  const level = isHeld ? 'error' : levels[notice.kind];
  logger[level](`subscription ${notice.kind}`, { ...notice });
}
