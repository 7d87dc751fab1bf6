import type { Container } from '@azure/cosmos';
import { type Checkpoint, type Copy, DocumentsLostError } from '@diptych/core';
import type { HeldCopy } from './copies-item.js';
import { type Evidence, evidenceText, readEvidence } from './evidence.js';
import type { HeldCopies } from './held-copies.js';
import { type CosmosReading, NotThereError } from './reading.js';
import { mergedSessions, readSession, sessionText } from './session-tokens.js';

export interface WholenessOptions {
  readonly container: Container;
  readonly held: HeldCopies;
  readonly reading: CosmosReading;
  /** How far this client has seen the container. */
  readonly session: () => string;
}

/**
 * Whether documents that were written are still there. A region keeps what it has acknowledged; when another one takes
 * over, it may lack the last of it. Where a copy was made anew, nothing of the old one counts.
 */
export class Wholeness {
  readonly #options: WholenessOptions;

  constructor(options: WholenessOptions) {
    this.#options = options;
  }

  /** @throws DocumentsLostError when another region writes than when the previous checkpoint was found whole. */
  async evidenceOf(copy: Copy, previous: Checkpoint | undefined): Promise<string> {
    const { held, session } = this.#options;
    const { id } = await held.require(copy);
    const region = await this.#region();
    const before = readEvidence(previous?.evidence);
    if (before !== undefined && !isOf(before, id, region)) throw new DocumentsLostError(copy.model);
    const all = mergedSessions([readSession(before?.session ?? ''), readSession(session())]);
    return evidenceText({ copy: id, region, session: sessionText(all) });
  }

  /** The checkpoint while all that it says is there; else `undefined` for the beginning. */
  async lastWhole(copy: Copy, checkpoint: Checkpoint): Promise<Checkpoint | undefined> {
    const { held, reading } = this.#options;
    const kept = await held.require(copy);
    const evidence = readEvidence(checkpoint.evidence);
    // One that another store gave says nothing.
    if (evidence === undefined) return checkpoint;
    if (evidence.copy !== kept.id) return undefined;
    const region = await this.#region();
    const isSeen = reading.tokenFor(readSession(evidence.session)) === undefined;
    if (region === evidence.region && isSeen) return checkpoint;
    if (!(await this.#has(kept, evidence))) return undefined;
    if (region === evidence.region) return checkpoint;
    return { ...checkpoint, evidence: evidenceText({ ...evidence, region }) };
  }

  /**
   * For documents that were loaded to build upon behind these checkpoints.
   * @throws DocumentsLostError when they must be looked at first.
   */
  async assertUnchanged(copy: Copy, checkpoints: readonly Checkpoint[]): Promise<void> {
    if (checkpoints.length === 0) return;
    const { id } = await this.#options.held.require(copy);
    const region = await this.#region();
    const isChanged = ({ evidence }: Checkpoint) => {
      const read = readEvidence(evidence);
      return read !== undefined && !isOf(read, id, region);
    };
    if (checkpoints.some(isChanged)) throw new DocumentsLostError(copy.model);
  }

  /** Asks all ranges that the copy lies in. */
  async #has({ id }: HeldCopy, { session }: Evidence): Promise<boolean> {
    const query = {
      query: 'SELECT VALUE 1 FROM c WHERE c.copy = @copy AND c.id = @none',
      parameters: [
        { name: '@copy', value: id },
        { name: '@none', value: '' },
      ],
      partitionKey: [id],
      limit: 1,
    };
    try {
      await this.#options.reading.rows(query, readSession(session));
      return true;
    } catch (error) {
      if (error instanceof NotThereError) return false;
      throw error;
    }
  }

  #region(): Promise<string> {
    return this.#options.container.database.client.getWriteEndpoint();
  }
}

function isOf(evidence: Evidence, copyId: string, region: string): boolean {
  return evidence.copy === copyId && evidence.region === region;
}
