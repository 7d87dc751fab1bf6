import type {
  CreateQueueOptions,
  CreateSubscriptionOptions,
  QueueProperties,
  RuleProperties,
  SubscriptionProperties,
  TopicProperties,
} from '@azure/service-bus';

/** What is decided by options. */
export interface SessionEntitySettings {
  readonly lockInMs: number;
  readonly deleteWhenIdleInMs: number;
}

/** The service's largest. Retries are ours: a broker that counts to ten would put events aside behind our back. */
const mostDeliveries = 2_000;
const fewestDeliveries = 1_000;
/** What is shorter than this is no "for ever", in days. */
const foreverInDays = 3_650;

const seconds = (ms: number) => `PT${Math.round(ms / 1_000)}S`;

export function queueSettings({ lockInMs }: SessionEntitySettings): CreateQueueOptions {
  return { requiresSession: true, lockDuration: seconds(lockInMs), maxDeliveryCount: mostDeliveries };
}

export function subscriptionSettings(settings: SessionEntitySettings): CreateSubscriptionOptions {
  return { ...queueSettings(settings), autoDeleteOnIdle: seconds(settings.deleteWhenIdleInMs) };
}

export function topicFaults({ name, ...topic }: TopicProperties): readonly string[] {
  const of = `Topic '${name}'`;
  return [
    ...lifeFaults(of, topic.defaultMessageTimeToLive),
    ...faultIf(topic.status !== undefined && topic.status !== 'Active', `${of} is not active.`),
    ...idleFaults(of, topic.autoDeleteOnIdle),
  ];
}

export function queueFaults({ name, ...queue }: QueueProperties): readonly string[] {
  const of = `Queue '${name}'`;
  return [...sessionFaults(of, queue), ...idleFaults(of, queue.autoDeleteOnIdle)];
}

export function subscriptionFaults(subscription: SubscriptionProperties): readonly string[] {
  const { subscriptionName, topicName } = subscription;
  return sessionFaults(`Subscription '${subscriptionName}' of topic '${topicName}'`, subscription);
}

/** Every event must reach a subscription of ours: it passes over what it does not handle. */
export function ruleFaults(
  topic: string,
  subscription: string,
  rules: readonly RuleProperties[],
): readonly string[] {
  const of = `Subscription '${subscription}' of topic '${topic}'`;
  if (rules.length === 0) return [`${of} has no rule, so nothing reaches it.`];
  const isWhole = rules.some(({ filter }) => 'sqlExpression' in filter && isTrue(filter.sqlExpression));
  const isTouched = rules.some(({ action }) => (action as { sqlExpression?: string })?.sqlExpression);
  return [
    ...faultIf(!isWhole || rules.length > 1, `${of} filters what it is sent: give it one rule, 1=1.`),
    ...faultIf(Boolean(isTouched), `${of} changes what it is sent: take the action out of its rule.`),
  ];
}

type SessionEntity = Pick<
  QueueProperties & SubscriptionProperties,
  'requiresSession' | 'maxDeliveryCount' | 'defaultMessageTimeToLive' | 'forwardTo' | 'status'
>;

function sessionFaults(of: string, entity: SessionEntity): readonly string[] {
  const { requiresSession, maxDeliveryCount, defaultMessageTimeToLive, forwardTo, status } = entity;
  return [
    ...faultIf(
      requiresSession !== true,
      `${of} has no sessions, so order is lost. They cannot be turned on later: make it anew.`,
    ),
    ...faultIf(
      (maxDeliveryCount ?? 10) < fewestDeliveries,
      `${of} puts messages aside after ${maxDeliveryCount ?? 10} deliveries: set it to ${mostDeliveries}.`,
    ),
    ...lifeFaults(of, defaultMessageTimeToLive),
    ...faultIf(Boolean(forwardTo), `${of} forwards to '${forwardTo}', so nothing stays in it.`),
    ...faultIf(status !== undefined && status !== 'Active', `${of} is not active.`),
  ];
}

function lifeFaults(of: string, life: string | undefined): readonly string[] {
  return faultIf(
    life !== undefined && daysOf(life) < foreverInDays,
    `${of} throws messages away after ${life}: let them live for ever.`,
  );
}

function idleFaults(of: string, idle: string | undefined): readonly string[] {
  return faultIf(
    idle !== undefined && daysOf(idle) < foreverInDays,
    `${of} is deleted after ${idle} without use: let it stay.`,
  );
}

function isTrue(expression: string | undefined): boolean {
  return expression?.replace(/\s/g, '') === '1=1';
}

function faultIf(isWrong: boolean, fault: string): readonly string[] {
  return isWrong ? [fault] : [];
}

/** Of an ISO 8601 duration, as the service writes them: without years and months. */
function daysOf(duration: string): number {
  const [, days = '0', hours = '0', minutes = '0', secs = '0'] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration) ?? [];
  return Number(days) + Number(hours) / 24 + Number(minutes) / 1_440 + Number(secs) / 86_400;
}
