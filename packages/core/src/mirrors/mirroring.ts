import type { Clock } from '../clock/clock.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { DocumentId, StoredDocument } from '../read-models/document.js';
import { documentKey } from '../read-models/document-key.js';
import { noMarks } from '../read-models/marks.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { DocumentSink, MirrorOutcome } from './document-sink.js';
import { MirrorRefusedError } from './mirror-errors.js';

/** What is mirrored of a document. */
export type DocumentState = Pick<StoredDocument, 'id' | 'body' | 'marks'>;

export interface MirroringOptions {
  readonly primary: Pick<ReadModelStore, 'load'>;
  readonly sink: DocumentSink;
  readonly clock: Clock;
}

// Each round is lost to another process that wrote the document since, and mirrors it as well. The sweep sees the rest.
const maxRounds = 10;

/**
 * Sends documents to a sink, and then looks at the store that has them: what somebody has written since may have come
 * to the sink before, so it is sent again. Only who dies in between leaves an older state behind.
 */
export class Mirroring {
  readonly #options: MirroringOptions;
  /** When the sink may be asked again, for it has said so. */
  #notBefore = 0;

  constructor(options: MirroringOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the sink has acknowledged all of them, each as it is in the store now.
   * @throws MirrorRefusedError when it refuses some, and has all others; UnavailableError.
   */
  async send(copy: Copy, states: readonly DocumentState[]): Promise<void> {
    const refusals = new Map<string, { readonly id: DocumentId; readonly reason: string }>();
    let open = states;
    for (let round = 0; open.length > 0 && round < maxRounds; round++) {
      const outcomes = await this.#deliver(copy, open);
      open.forEach(({ id }, index) => {
        const outcome = outcomes[index]!;
        if (outcome.kind === 'refused') refusals.set(documentKey(id), { id, reason: outcome.reason });
        else refusals.delete(documentKey(id));
      });
      open = await this.#movedSince(copy, open);
    }
    if (refusals.size > 0) throw new MirrorRefusedError(copy.model, [...refusals.values()]);
  }

  /** The documents as the store has them now; those that it does not have, as deleted. */
  async present(copy: Copy, ids: readonly DocumentId[]): Promise<readonly DocumentState[]> {
    if (ids.length === 0) return [];
    const stored = await this.#options.primary.load(copy, ids);
    return ids.map((id, index) => stored[index] ?? { id, body: null, marks: noMarks });
  }

  async #deliver(copy: Copy, states: readonly DocumentState[]): Promise<readonly MirrorOutcome[]> {
    const { sink, clock } = this.#options;
    const sentAt = clock.now();
    if (sentAt < this.#notBefore) throw unavailable(copy, 'it asked to be left alone for a while');
    const changes = states.map(({ id, body, marks }) => {
      return { id, body, version: marks, sending: crypto.randomUUID(), sentAt };
    });
    const outcomes = await sink.mirror(copy, changes);
    for (const outcome of outcomes) {
      if (outcome.kind !== 'later') continue;
      this.#notBefore = clock.now() + (outcome.retryAfterInMs ?? 0);
      throw unavailable(copy, outcome.reason);
    }
    return outcomes;
  }

  async #movedSince(copy: Copy, sent: readonly DocumentState[]): Promise<readonly DocumentState[]> {
    const present = await this.present(
      copy,
      sent.map(({ id }) => id),
    );
    return present.filter((state, index) => !isSame(state, sent[index]!));
  }
}

function isSame(one: DocumentState, other: DocumentState): boolean {
  if (one.body === null || other.body === null) return one.body === other.body;
  return one.marks === other.marks;
}

function unavailable({ model }: Copy, reason: string): UnavailableError {
  return new UnavailableError(`What mirrors read model '${model}' cannot take documents now: ${reason}.`);
}
