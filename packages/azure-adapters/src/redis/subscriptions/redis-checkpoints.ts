import type { Checkpoint, FencedOr, Ownership } from '@diptych/core';
import { bySubscription } from './by-subscription.js';
import { advanceScript } from './checkpoint-scripts.js';
import { checkpointValues } from './checkpoint-text.js';
import type { FencedCalls } from './fenced-calls.js';
import type { SubscriptionScripts } from './subscription-script.js';

export interface Move {
  readonly ownership: Ownership;
  readonly checkpoint: Checkpoint;
}

/** Moves checkpoints forward: those of one subscription by one command. */
export class RedisCheckpoints {
  readonly #scripts: SubscriptionScripts;
  readonly #calls: FencedCalls;

  constructor(scripts: SubscriptionScripts, calls: FencedCalls) {
    this.#scripts = scripts;
    this.#calls = calls;
  }

  /** Answers in the order of the moves. */
  async advance(moves: readonly Move[]): Promise<readonly FencedOr<'advanced'>[]> {
    const answers = new Map<Move, FencedOr<'advanced'>>();
    const lists = bySubscription(moves, ({ ownership }) => ownership.subscription);
    await Promise.all(
      [...lists].map(async ([subscription, list]) => {
        const counts = await this.#counts(subscription, list);
        list.forEach((move, at) => {
          const writes = counts[at];
          if (typeof writes === 'number') this.#calls.told(move.ownership, writes);
          answers.set(move, typeof writes === 'number' ? 'advanced' : 'fenced');
        });
      }),
    );
    return moves.map((move) => answers.get(move) ?? 'fenced');
  }

  async #counts(subscription: string, moves: readonly Move[]): Promise<readonly (number | null)[]> {
    const values = moves.flatMap(({ ownership, checkpoint }) => [
      ...this.#calls.values(ownership),
      ...checkpointValues(checkpoint),
    ]);
    return (await this.#scripts.run(advanceScript, subscription, values)) as readonly (number | null)[];
  }
}
