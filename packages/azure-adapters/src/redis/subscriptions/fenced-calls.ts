import { type FencedOr, type Ownership, stored } from '@diptych/core';
import type { SubscriptionScript, SubscriptionScripts } from './subscription-script.js';
import type { ToldWrites } from './told-writes.js';

type Reply<Answer> = readonly [writes: number | string, answer: Answer];

/** What only the owner of a partition may do, on a server that has all that the owner was told of. */
export class FencedCalls {
  readonly #scripts: SubscriptionScripts;
  readonly #told: ToldWrites;

  constructor(scripts: SubscriptionScripts, told: ToldWrites) {
    this.#scripts = scripts;
    this.#told = told;
  }

  /** What a script begins with that is an owner's call. */
  values(ownership: Ownership): readonly (string | number)[] {
    const { partition, owner, epoch } = ownership;
    return [partition, stored(owner), epoch, this.#told.writes(ownership)];
  }

  async call<Answer>(
    script: SubscriptionScript,
    ownership: Ownership,
    values: readonly (string | number)[] = [],
  ): Promise<FencedOr<Answer>> {
    const asked = [...this.values(ownership), ...values];
    const reply = (await this.#scripts.run(script, ownership.subscription, asked)) as Reply<Answer> | null;
    if (reply === null) return 'fenced';
    this.told(ownership, Number(reply[0]));
    return reply[1];
  }

  /** The owner was told that the server knows of so many of its writes. */
  told(ownership: Ownership, writes: number): void {
    this.#told.note(ownership, writes);
  }
}
