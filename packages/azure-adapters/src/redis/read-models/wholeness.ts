import {
  type Checkpoint,
  type Copy,
  DocumentsLostError,
  type RequiredFreshness,
  UnavailableError,
} from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import { redisError } from '../redis-errors.js';
import type { ServerHistories } from '../server-histories.js';
import { namesOf, type ServerHistory } from '../server-history.js';
import type { HeldCopy, RedisCopies } from './copies.js';
import {
  carriedOn,
  type Evidence,
  evidenceText,
  isWhole,
  KnownEvidence,
  lastWhole,
  nextEvidence,
} from './evidence.js';

export interface WholenessOptions {
  readonly client: RedisClient;
  readonly copies: RedisCopies;
  readonly histories: ServerHistories;
  readonly waitForReplicas: { readonly count: number; readonly timeoutInMs: number } | undefined;
}

/** Of so many checkpoints it is remembered by which servers they were found whole: more than partitions are fed. */
const mostRemembered = 10_000;

/** Whether documents that were written are still there, after a server was replaced by one that had lagged behind. */
export class Wholeness {
  readonly #options: WholenessOptions;
  /** The servers by which a checkpoint was last found whole: what is written behind it is written to them. */
  readonly #foundBy = new Map<string, string>();
  readonly #evidence = new KnownEvidence();

  constructor(options: WholenessOptions) {
    this.#options = options;
  }

  /** @throws DocumentsLostError when a server has changed since the previous checkpoint was found whole. */
  async evidenceOf(copy: Copy, previous: Checkpoint | undefined, reached: Checkpoint): Promise<string> {
    const { copies, histories } = this.#options;
    const held = await copies.require(copy);
    await this.#waitForReplicas();
    const now = await histories.look();
    if (now === undefined) return evidenceText({ copy: held.id, servers: [], earlier: [] });
    const servers = namesOf(now);
    const evidence = this.#evidence.read(previous?.evidence);
    if (previous === undefined || evidence === undefined) {
      // Nobody knows by which servers the writes began.
      if (histories.haveChangedJustNow) throw new DocumentsLostError(copy.model);
    } else if (!this.#isUnchanged(held, previous, evidence, servers))
      throw new DocumentsLostError(copy.model);
    this.#remember(held, reached, servers);
    const behind = previous && evidence && { checkpoint: previous, evidence };
    return this.#evidence.textOf(nextEvidence(held.id, now, behind, reached));
  }

  /** The checkpoint while all that it says is there; else an earlier one; `undefined` for the beginning. */
  async lastWhole(copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined> {
    const { copies, histories } = this.#options;
    const held = await copies.require(copy);
    const evidence = this.#evidence.read(checkpoint.evidence);
    // One that another store gave, or an older version of this one, says nothing.
    if (evidence === undefined) return checkpoint;
    if (evidence.copy !== held.id) return undefined;
    const now = await histories.current();
    if (now === undefined) return checkpoint;
    const whole = isWhole(evidence, now) ? renewed(checkpoint, evidence, now) : lastWhole(evidence, now);
    if (whole !== undefined) this.#remember(held, whole, namesOf(now));
    return whole;
  }

  /**
   * For documents that were loaded to build upon behind these checkpoints.
   * @throws DocumentsLostError when a server has changed since they were found whole: they must be looked at first.
   */
  async assertUnchanged(copy: Copy, checkpoints: readonly Checkpoint[]): Promise<void> {
    const { copies, histories } = this.#options;
    const held = await copies.require(copy);
    const now = checkpoints.length === 0 ? undefined : await histories.current();
    const servers = now && namesOf(now);
    for (const checkpoint of checkpoints) {
      const evidence = this.#evidence.read(checkpoint.evidence);
      if (evidence !== undefined && !this.#isUnchanged(held, checkpoint, evidence, servers))
        throw new DocumentsLostError(copy.model);
    }
  }

  #isUnchanged(
    held: HeldCopy,
    checkpoint: Checkpoint,
    evidence: Evidence,
    servers: string | undefined,
  ): boolean {
    if (evidence.copy !== held.id) return false;
    const before = this.#foundBy.get(keyOf(held, checkpoint)) ?? namesOf(evidence.servers);
    return servers === undefined || before === servers;
  }

  /** @throws DocumentsLostError when something is lost that an answer must have. */
  async assertFresh(copy: Copy, held: HeldCopy, { evidence }: RequiredFreshness): Promise<void> {
    const { histories } = this.#options;
    for (const one of evidence.map((text) => this.#evidence.read(text))) {
      if (one === undefined) continue;
      if (one.copy !== held.id) throw new DocumentsLostError(copy.model);
      const now = await histories.current();
      if (now !== undefined && !isWhole(one, now)) throw new DocumentsLostError(copy.model);
    }
  }

  #remember(held: HeldCopy, checkpoint: Checkpoint, servers: string): void {
    const key = keyOf(held, checkpoint);
    this.#foundBy.delete(key);
    this.#foundBy.set(key, servers);
    const [oldest] = this.#foundBy.keys();
    if (this.#foundBy.size > mostRemembered) this.#foundBy.delete(oldest!);
  }

  /** On the connections that have written: only for those are the writes waited for. */
  async #waitForReplicas(): Promise<void> {
    const { client, waitForReplicas } = this.#options;
    if (waitForReplicas === undefined) return;
    const { count, timeoutInMs } = waitForReplicas;
    try {
      const followed = await Promise.all(client.primaries.map((server) => server.wait(count, timeoutInMs)));
      if (followed.every((replicas) => replicas >= count)) return;
    } catch (error) {
      throw redisError(error);
    }
    throw new UnavailableError(`Fewer than ${count} replicas of Redis have followed in ${timeoutInMs} ms.`);
  }
}

/** The same checkpoint, with evidence that is good for the next change of servers as well. */
function renewed(checkpoint: Checkpoint, evidence: Evidence, now: readonly ServerHistory[]): Checkpoint {
  if (namesOf(evidence.servers) === namesOf(now)) return checkpoint;
  return { ...checkpoint, evidence: evidenceText(carriedOn(evidence, now)) };
}

/** A position is an entry of one partition, and of no other. */
function keyOf({ id }: HeldCopy, { position }: Checkpoint): string {
  return `${id} ${position}`;
}
