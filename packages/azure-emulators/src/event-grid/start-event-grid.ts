import { Deadlines } from '../clock/deadlines.js';
import { systemClock } from '../clock/system-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { listen } from '../sockets/listen.js';
import type { EventGridOptions, RunningEventGrid } from './event-grid-options.js';
import { gridServer } from './http/grid-server.js';
import { Underway } from './push/underway.js';
import { Topic } from './topics/topic.js';

const standardKey = 'RVZFTlRfR1JJRF9LRVk=';

/** Starts an Event Grid emulator on 127.0.0.1. Throws when a web hook of the config does not pass the handshake. */
export async function startEventGrid(options: EventGridOptions = {}): Promise<RunningEventGrid> {
  const { clock = systemClock, faults = new FaultPlan(), key = standardKey } = options;
  const deadlines = new Deadlines(clock);
  const underway = new Underway();
  const topics = new Map<string, Topic>();
  const topicNamed = (name: string): Topic => {
    const topic = topics.get(name) ?? new Topic(name, { clock, deadlines, faults, underway });
    topics.set(name, topic);
    return topic;
  };
  for (const { name, subscriptions = [] } of options.config?.topics ?? []) {
    for (const subscription of subscriptions) await topicNamed(name).subscribe(subscription);
  }
  const server = await listen(options.port ?? 0, gridServer({ key, faults, topicNamed }));
  const endpoint = `http://127.0.0.1:${server.port}`;
  return {
    endpoint,
    key,
    port: server.port,
    topicEndpoint: (topic) => `${endpoint}/topics/${encodeURIComponent(topic)}/api/events`,
    subscribe: (topic, subscription) => topicNamed(topic).subscribe(subscription),
    deadLetters: (topic, subscription) => topicNamed(topic).subscription(subscription).deadLetters,
    idle: () => underway.idle(),
    async stop() {
      deadlines.stop();
      await server.stop();
    },
  };
}
