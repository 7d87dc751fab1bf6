import { serviceBusAdministration } from '@diptych/azure-adapters/service-bus';

/** What lies in a queue or subscription, and what was put aside. */
export interface QueueLength {
  readonly name: string;
  readonly active: number;
  readonly deadLetters: number;
}

/** Everything that holds messages in a namespace. */
export async function queueLengths(connectionString: string): Promise<readonly QueueLength[]> {
  const administration = serviceBusAdministration({ connectionString });
  const lengths: QueueLength[] = [];
  for await (const {
    name,
    activeMessageCount,
    deadLetterMessageCount,
  } of administration.listQueuesRuntimeProperties())
    lengths.push({ name, active: activeMessageCount, deadLetters: deadLetterMessageCount });
  for await (const topic of administration.listTopics()) {
    for await (const one of administration.listSubscriptionsRuntimeProperties(topic.name)) {
      lengths.push({
        name: `${topic.name}/${one.subscriptionName}`,
        active: one.activeMessageCount,
        deadLetters: one.deadLetterMessageCount,
      });
    }
  }
  return lengths;
}
