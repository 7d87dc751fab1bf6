import type { Ask } from './expectation.js';

const limit = 100;

/** What a query gives in pages, all of it. */
export async function allPages<Item extends object = { orderId: string }>(
  ask: Ask,
  query: string,
  parameters: object,
  field: string,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = (await ask(query, { ...parameters, limit, ...(after !== undefined && { after }) })) as {
      readonly [name: string]: unknown;
    };
    items.push(...(page[field] as readonly Item[]));
    after = page.next as string | undefined;
  } while (after !== undefined);
  return items;
}
