import { type Discarded, type ParkedMessage, type ParkedQuery, restored, stored } from '@diptych/core';
import { discardedScript, listScript } from './parked-scripts.js';
import { addressIn, bodyBegin, type ParkedRow, parkedIn } from './parked-text.js';
import { namesKey } from './subscription-keys.js';
import type { SubscriptionScripts } from './subscription-script.js';

const discardsAtOnce = 10_000;

/** What is parked and what was discarded, page by page: no command gives more than a page. */
export class ParkedLists {
  readonly #scripts: SubscriptionScripts;

  constructor(scripts: SubscriptionScripts) {
    this.#scripts = scripts;
  }

  /** In position order. */
  async list({ subscription, ...query }: ParkedQuery): Promise<readonly ParkedMessage[]> {
    if (subscription !== undefined) return this.#ofOne(subscription, query);
    const names = await this.#names();
    const lists = await Promise.all(names.map((name) => this.#ofOne(name, query)));
    return lists
      .flat()
      .sort((one, other) => (one.position < other.position ? -1 : 1))
      .slice(0, query.limit);
  }

  async discarded(subscription: string): Promise<readonly Discarded[]> {
    const found: Discarded[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const values = [after, discardsAtOnce];
      const ids = (await this.#scripts.run(discardedScript, subscription, values)) as readonly string[];
      found.push(...ids.map(addressIn));
      after = ids.length < discardsAtOnce ? undefined : ids.at(-1);
    }
    return found;
  }

  async #ofOne(
    subscription: string,
    { limit = Number.MAX_SAFE_INTEGER, ...query }: ParkedQuery,
  ): Promise<readonly ParkedMessage[]> {
    const wanted = wantedValues(query);
    const found: ParkedMessage[] = [];
    let after = '';
    do {
      const values = [after, limit - found.length, ...wanted];
      const reply = await this.#scripts.run(listScript, subscription, values);
      const [last, rows] = reply as readonly [string, readonly ParkedRow[]];
      found.push(...rows.map((row) => parkedIn(subscription, row)));
      after = last;
    } while (after !== '' && found.length < limit);
    return found;
  }

  async #names(): Promise<readonly string[]> {
    const { client, prefix } = this.#scripts;
    const key = namesKey(prefix);
    const names = (await client.send({ key, words: ['SMEMBERS', key] })) as Iterable<string>;
    return [...names].map(restored);
  }
}

function wantedValues({ partition, key, messageId, state }: ParkedQuery): readonly string[] {
  return [
    partition === undefined ? '' : String(partition),
    key === undefined ? '' : `=${stored(key)}`,
    messageId === undefined ? '' : bodyBegin(messageId),
    state ?? '',
  ];
}
