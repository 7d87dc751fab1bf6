import type { Clock } from '../../clock/clock.js';
import type { Deadlines } from '../../clock/deadlines.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { TextIndex } from '../text/text-index.js';
import type { SearchDocument } from './search-document.js';

/** How long what was acknowledged stays unseen. It may change while a server runs. */
interface IndexingDelay {
  inMs: number;
}

export interface DocumentStoreOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly delay: IndexingDelay;
}

interface Written {
  readonly document: SearchDocument | undefined;
  /** Higher for what was written later. */
  readonly order: number;
}

/** The documents of one index: as they were written last, and as questions see them. */
export class DocumentStore {
  /** In the order in which they became visible. */
  readonly visible = new Map<string, SearchDocument>();
  text: TextIndex;
  private readonly latest = new Map<string, Written>();
  private readonly shownOrders = new Map<string, number>();
  private order = 0;

  constructor(
    schema: IndexSchema,
    private readonly options: DocumentStoreOptions,
  ) {
    this.text = new TextIndex(schema);
  }

  /** What later actions of batches go by. */
  written(key: string): SearchDocument | undefined {
    return this.latest.get(key)?.document;
  }

  /** `undefined` deletes. */
  write(key: string, document: SearchDocument | undefined): void {
    const { clock, deadlines, delay } = this.options;
    const written = { document, order: ++this.order };
    this.latest.set(key, written);
    if (delay.inMs <= 0) this.show(key, written);
    else deadlines.set(clock.now() + delay.inMs, () => this.show(key, written));
  }

  /** The index has other fields now. */
  reindex(schema: IndexSchema): void {
    this.text = new TextIndex(schema);
    for (const [key, document] of this.visible) this.text.put(key, undefined, document);
  }

  private show(key: string, { document, order }: Written): void {
    // With a delay that changes, what was written before may come after.
    if (order < (this.shownOrders.get(key) ?? 0)) return;
    this.shownOrders.set(key, order);
    this.text.put(key, this.visible.get(key), document);
    // A document that is replaced has its place anew, as nobody may rely on it.
    this.visible.delete(key);
    if (document !== undefined) this.visible.set(key, document);
    if (this.latest.get(key)?.order !== order || document !== undefined) return;
    this.latest.delete(key);
    this.shownOrders.delete(key);
  }
}
