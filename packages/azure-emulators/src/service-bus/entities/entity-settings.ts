type EntityStatus = 'Active' | 'Disabled' | 'SendDisabled' | 'ReceiveDisabled';

/** What queues, topics and subscriptions are set to. Infinity stands for no limit. */
interface CommonSettings {
  defaultMessageTimeToLiveInMs: number;
  autoDeleteOnIdleInMs: number;
  status: EntityStatus;
  enableBatchedOperations: boolean;
  userMetadata: string;
}

interface ReceivingSettings extends CommonSettings {
  lockDurationInMs: number;
  maxDeliveryCount: number;
  requiresSession: boolean;
  deadLetteringOnMessageExpiration: boolean;
  /** Names of queues or topics; empty for none. */
  forwardTo: string;
  forwardDeadLetteredMessagesTo: string;
}

interface SendingSettings extends CommonSettings {
  maxSizeInMegabytes: number;
  maxMessageSizeInKilobytes: number;
  requiresDuplicateDetection: boolean;
  duplicateDetectionHistoryTimeWindowInMs: number;
  enablePartitioning: boolean;
  enableExpress: boolean;
}

export interface QueueSettings extends ReceivingSettings, SendingSettings {}

export interface TopicSettings extends SendingSettings {
  supportOrdering: boolean;
  filteringMessagesBeforePublishing: boolean;
}

export interface SubscriptionSettings extends ReceivingSettings {
  deadLetteringOnFilterEvaluationExceptions: boolean;
}

const common: CommonSettings = {
  defaultMessageTimeToLiveInMs: Number.POSITIVE_INFINITY,
  autoDeleteOnIdleInMs: Number.POSITIVE_INFINITY,
  status: 'Active',
  enableBatchedOperations: true,
  userMetadata: '',
};

const receiving: ReceivingSettings = {
  ...common,
  lockDurationInMs: 60_000,
  maxDeliveryCount: 10,
  requiresSession: false,
  deadLetteringOnMessageExpiration: false,
  forwardTo: '',
  forwardDeadLetteredMessagesTo: '',
};

const sending: SendingSettings = {
  ...common,
  maxSizeInMegabytes: 1024,
  maxMessageSizeInKilobytes: 256,
  requiresDuplicateDetection: false,
  duplicateDetectionHistoryTimeWindowInMs: 10 * 60_000,
  enablePartitioning: false,
  enableExpress: false,
};

/** What the service gives to an entity that is made without a word. */
export const defaultSettings = {
  queue: { ...receiving, ...sending } satisfies QueueSettings,
  topic: {
    ...sending,
    supportOrdering: true,
    filteringMessagesBeforePublishing: false,
  } satisfies TopicSettings,
  subscription: {
    ...receiving,
    deadLetteringOnFilterEvaluationExceptions: true,
  } satisfies SubscriptionSettings,
};
