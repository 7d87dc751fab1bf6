import type { Clock } from '../clock/clock.js';
import { isDiptychError } from '../errors/diptych-error.js';
import { RefusedError } from '../errors/domain-errors.js';
import { TimeLimitError, UnavailableError } from '../errors/infrastructure-errors.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { MessageRegistry } from '../messages/message-registry.js';
import { throwIfAborted, untilAborted } from '../pipeline/until-aborted.js';
import { BufferedSession, type SessionOutcome } from './buffered-session.js';
import { findOpenSession, withSession } from './current-session.js';
import type { InboxMark, SettledCommand } from './inbox.js';
import type { Session } from './session.js';
import {
  type ClaimRequest,
  doneMark,
  refusedMark,
  type UnitOfWorkRequest,
  type UnitOfWorkResult,
} from './unit-of-work-request.js';
import type { Claim, Committed, WriteStore, WriteTransaction } from './write-store.js';

export interface UnitOfWorkOptions<Native = unknown> {
  readonly store: WriteStore<Native>;
  /** The messages that stored events are read as. */
  readonly registry: MessageRegistry;
  /** The program's name, in the envelopes of what it makes. */
  readonly source: string;
  readonly clock: Clock;
  /** The transport's limit, in bytes of JSON; the store's own counts too. */
  readonly maxMessageBytes?: number | undefined;
  /** Told of what fails after a commit, which no caller hears of. Default: nobody is. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Runs handlers in sessions, and makes each session one transaction of the write store. */
export class UnitOfWork<Native = unknown> {
  readonly #options: UnitOfWorkOptions<Native>;
  readonly #maxMessageBytes: number | undefined;

  constructor(options: UnitOfWorkOptions<Native>) {
    this.#options = options;
    this.#maxMessageBytes = smaller(options.maxMessageBytes, options.store.options.maxMessageBytes);
  }

  /**
   * Runs the work in a session of its own and commits what it asked for, all or nothing.
   * @throws what the work throws, after the rollback; what `WriteTransaction.commit` and `WriteStore.claim` throw;
   *   ProgrammingError `execute-in-handler` inside another unit.
   */
  async run<T>(
    request: UnitOfWorkRequest<T>,
    work: (session: Session<Native>) => Promise<T>,
  ): Promise<UnitOfWorkResult<T>> {
    assertNotNested();
    throwIfAborted(request.abortSignal);
    const claim = request.claim && (await this.#claim(request, request.claim));
    if (claim?.state === 'settled') return { kind: 'settled', command: claim.command };
    const session = this.#open(request, claim?.transaction);
    const startedAt = this.#options.clock.now();
    let result: T;
    let mark: InboxMark | undefined;
    try {
      result = await untilAborted(
        withSession(session, () => work(session)),
        request.abortSignal,
      );
      throwIfAborted(request.abortSignal);
      mark = request.claim && doneMark(request.meta, request.claim, result);
    } catch (error) {
      await rollBack(session.end());
      if (error instanceof RefusedError) return this.refuse(request, error);
      throw this.#options.store.errorOf?.(error) ?? error;
    }
    const outcome = session.end();
    if (outcome.transaction === undefined && outcome.opening === undefined)
      this.#assertInTime(request, startedAt);
    const { ranges } = await this.#commit(request, outcome, mark);
    if (outcome.afterCommit.length > 0) await this.#afterCommit(request, outcome);
    return { kind: 'done', result, ranges };
  }

  /**
   * What is remembered of a message, for steps before its unit of work; `undefined` where it has not run. Holds
   * nothing afterwards, so a copy may still be first.
   */
  async settled<T>(request: UnitOfWorkRequest<T>): Promise<SettledCommand | undefined> {
    const { store } = this.#options;
    if (request.claim === undefined || (await store.findSettled(request.claim.key)) === undefined)
      return undefined;
    // Whether it is the same message, and not only the same key, is for the claim to say.
    const claim = await this.#claim(request, request.claim);
    if (claim.state === 'settled') return claim.command;
    await claim.transaction.rollback();
    return undefined;
  }

  #open<T>(
    request: UnitOfWorkRequest<T>,
    transaction: WriteTransaction<Native> | undefined,
  ): BufferedSession<Native> {
    const { store, registry, source, clock } = this.#options;
    return new BufferedSession({
      store,
      registry,
      cause: { meta: request.meta, source, clock },
      timeLimitInMs: this.#timeLimitOf(request),
      maxMessageBytes: this.#maxMessageBytes,
      transaction,
    });
  }

  // A claim that comes too late for a caller who has gone is given back when it comes.
  #claim<T>(request: UnitOfWorkRequest<T>, { key, waitInMs }: ClaimRequest<T>): Promise<Claim<Native>> {
    const claiming = this.#options.store.claim(key, { waitInMs, timeLimitInMs: this.#timeLimitOf(request) });
    return untilAborted(claiming, request.abortSignal, (claim) => void giveBack(claim).catch(ignore));
  }

  async #commit<T>(
    request: UnitOfWorkRequest<T>,
    outcome: SessionOutcome<Native>,
    mark: InboxMark | undefined,
  ): Promise<Committed> {
    const { entries, opening } = outcome;
    const batch = mark === undefined ? { entries } : { entries, mark };
    try {
      const transaction = outcome.transaction ?? (opening && (await opening));
      if (transaction !== undefined) return await transaction.commit(batch);
      return entries.length === 0 ? { ranges: [] } : await this.#options.store.commit(batch);
    } catch (error) {
      if (request.claim === undefined || !isDiptychError(error, 'outcome-unknown')) throw error;
      return this.#settleUnknown(request, request.claim, error);
    }
  }

  // The claim tells what became of the commit: it is settled by our own mark, or free again.
  async #settleUnknown<T>(
    request: UnitOfWorkRequest<T>,
    claim: ClaimRequest<T>,
    unknown: unknown,
  ): Promise<Committed> {
    const { waitInMs, key } = claim;
    const timeLimitInMs = this.#timeLimitOf(request);
    const answer = await this.#options.store.claim(key, { waitInMs, timeLimitInMs }).catch(() => undefined);
    if (answer === undefined) throw unknown;
    if (answer.state === 'claimed') {
      await answer.transaction.rollback();
      throw new UnavailableError('The connection broke before the commit; nothing was committed.', unknown);
    }
    if (answer.command.messageId !== request.meta.id) throw unknown;
    return { ranges: answer.command.ranges };
  }

  /**
   * Remembers a refusal in a transaction of its own, under a new claim: refused work was rolled back, or has not begun.
   * @throws the refusal, unless the message was settled by a copy meanwhile.
   */
  async refuse<T>(request: UnitOfWorkRequest<T>, refusal: RefusedError): Promise<UnitOfWorkResult<T>> {
    const { claim } = request;
    if (!claim?.recordRefusals) throw refusal;
    const answer = await this.#claim(request, claim);
    if (answer.state === 'settled') return { kind: 'settled', command: answer.command };
    await answer.transaction.commit({ entries: [], mark: refusedMark(request.meta, claim, refusal) });
    throw refusal;
  }

  // It is done whatever comes of it, so a caller who has gone, or whose time is over, does not wait for it.
  async #afterCommit<T>(
    { abortSignal }: UnitOfWorkRequest<T>,
    { afterCommit }: SessionOutcome<Native>,
  ): Promise<void> {
    for (const work of afterCommit) {
      await untilAborted(this.#tellingFaults(work), abortSignal).catch(ignore);
    }
  }

  async #tellingFaults(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  #timeLimitOf<T>(request: UnitOfWorkRequest<T>): number {
    return request.timeLimitInMs ?? this.#options.store.options.sessionTimeLimitInMs;
  }

  // An open transaction is watched by the store, which it blocks. A session without one blocks nobody, so it is
  // enough to look when it wants to commit.
  #assertInTime<T>(request: UnitOfWorkRequest<T>, startedAt: number): void {
    const limit = this.#timeLimitOf(request);
    if (this.#options.clock.now() - startedAt <= limit) return;
    throw new TimeLimitError(
      `The session lasted more than ${limit} ms, so nothing was committed. Call other systems in \`prepare\`, before the session, or raise the time limit.`,
      { timeLimitInMs: limit },
    );
  }
}

function assertNotNested(): void {
  if (findOpenSession() === undefined) return;
  throw new ProgrammingError(
    'execute-in-handler',
    'A command cannot be executed inside a handler: it would commit apart from it. Send it through the session.',
  );
}

async function giveBack(claim: Claim): Promise<void> {
  if (claim.state === 'claimed') await claim.transaction.rollback();
}

// What made the unit fail is what its caller needs to hear, so a rollback that fails is not told: the store ends the
// transaction by its time limit. One that is still waiting to begin is not waited for.
async function rollBack<Native>({ transaction, opening }: SessionOutcome<Native>): Promise<void> {
  if (transaction !== undefined) await transaction.rollback().catch(ignore);
  else opening?.then((opened) => opened.rollback()).catch(ignore);
}

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

function ignore(): void {}
