import type { Line } from './harness/line.js';

/** Every line there is, in the order in which they are measured. Imported late: a process loads one line only. */
const lines: readonly { readonly id: string; readonly load: () => Promise<Line> }[] = [
  ...[1, 500].flatMap((width) => [
    {
      id: `buses/bare-execute-${width}`,
      load: async () => (await import('./buses/bare-execute.js')).bareExecute(width),
    },
    {
      id: `buses/bare-query-${width}`,
      load: async () => (await import('./buses/bare-query.js')).bareQuery(width),
    },
  ]),
  { id: 'buses/request-scope', load: async () => (await import('./buses/request-scope.js')).requestScope },
  {
    id: 'behaviors/shipped-behaviors',
    load: async () => (await import('./behaviors/shipped-behaviors.js')).shippedBehaviors,
  },
  {
    id: 'events/notifications',
    load: async () => (await import('./events/notifications.js')).notifications,
  },
  { id: 'events/journalled', load: async () => (await import('./events/journalled.js')).journalled },
  { id: 'deciders/streams', load: async () => (await import('./deciders/streams.js')).streams },
  { id: 'deciders/append', load: async () => (await import('./deciders/append.js')).append },
  ...(['normal', 'full'] as const).map((durability) => ({
    id: `sqlite/command-${durability}`,
    load: async () => (await import('./sqlite/command.js')).command(durability),
  })),
  { id: 'sqlite/append', load: async () => (await import('./sqlite/append.js')).append },
  { id: 'sqlite/rebuild', load: async () => (await import('./sqlite/rebuild.js')).rebuild },
  { id: 'messaging/relay', load: async () => (await import('./messaging/relay.js')).relay },
  { id: 'messaging/sessions', load: async () => (await import('./messaging/sessions.js')).sessions },
  ...[1, 8, 32].map((atOnce) => ({
    id: `sql/commands-${atOnce}`,
    load: async () => (await import('./sql/commands.js')).commands(atOnce),
  })),
  { id: 'sql/reading', load: async () => (await import('./sql/reading.js')).reading },
  { id: 'sql/append', load: async () => (await import('./sql/append.js')).append },
  ...(['redis', 'cosmos'] as const).flatMap((store) => [
    ...[1, 16].map((atOnce) => ({
      id: `read-models/point-read-${store}-${atOnce}`,
      load: async () =>
        (await import('./read-models/point-read.js')).pointRead(await stores[store](), atOnce),
    })),
    {
      id: `read-models/projecting-${store}`,
      load: async () => (await import('./read-models/projecting.js')).projecting(await stores[store]()),
    },
    {
      id: `read-models/many-streams-${store}`,
      load: async () => (await import('./read-models/many-streams.js')).manyStreams(await stores[store]()),
    },
  ]),
  { id: 'imports/import-time', load: async () => (await import('./imports/import-time.js')).importTime },
  { id: 'imports/inversify', load: async () => (await import('./imports/inversify.js')).inversify },
];

const stores = {
  redis: async () => (await import('./read-models/cases/redis.js')).redisCase(),
  cosmos: async () => (await import('./read-models/cases/cosmos.js')).cosmosCase,
};

/** The lines that the arguments name, by group (`buses`) or by id (`buses/queries`); all of them without any. */
export function selectLines(selectors: readonly string[]): readonly string[] {
  const ids = lines.map(({ id }) => id);
  for (const selector of selectors) {
    if (!ids.some((id) => matches(id, selector))) {
      throw new Error(`There is no '${selector}' among ${ids.join(', ')}.`);
    }
  }
  return selectors.length === 0
    ? ids
    : ids.filter((id) => selectors.some((selector) => matches(id, selector)));
}

export async function loadLine(id: string): Promise<Line> {
  const found = lines.find((line) => line.id === id);
  if (found === undefined) throw new Error(`There is no line '${id}'.`);
  return found.load();
}

function matches(id: string, selector: string): boolean {
  return id === selector || id.startsWith(`${selector}/`);
}
