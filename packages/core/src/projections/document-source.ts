import type { Checkpoint } from '../journal/checkpoint.js';
import type { StoredDocument, WriteOutcome } from '../read-models/document.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { DocumentWork } from './document-fold.js';
import type { Folded } from './document-round.js';
import { RecentDocuments } from './recent-documents.js';

/** A document before its events. */
export interface Unfolded {
  readonly works: readonly DocumentWork[];
  readonly stored: StoredDocument | undefined;
  /** Not loaded: it is as this process wrote it last, unless somebody wrote it since. */
  readonly isRemembered: boolean;
}

/** Where documents come from that are to be folded: remembered, where this process wrote them lately, else loaded. */
export class DocumentSource {
  readonly #store: ReadModelStore;
  readonly #copy: Copy;
  readonly #recent = new RecentDocuments();

  constructor(store: ReadModelStore, copy: Copy) {
    this.#store = store;
    this.#copy = copy;
  }

  /** What is remembered is handed out once: the next time it is loaded, unless `settled` was told that it was written. */
  async load(
    documents: readonly (readonly DocumentWork[])[],
    behind: readonly Checkpoint[],
  ): Promise<readonly Unfolded[]> {
    const remembered = documents.map(([work]) => this.#recent.take(work!.key));
    const missing = documents.filter((_, index) => remembered[index] === undefined);
    const ids = missing.map(([work]) => work!.id);
    const loaded = ids.length === 0 ? [] : await this.#store.load(this.#copy, ids, behind);
    let next = 0;
    return documents.map((works, index) => {
      const recent = remembered[index];
      return { works, stored: recent ?? loaded[next++], isRemembered: recent !== undefined };
    });
  }

  /** Told what became of a document that was to be written. */
  settled({ key, change, isRemembered }: Folded, outcome: WriteOutcome): void {
    const { id, body, marks } = change;
    if (outcome !== 'conflict') this.#recent.keep(key, { id, body, marks, revision: outcome.revision });
    else if (isRemembered) this.#recent.noteShared(key);
  }
}
