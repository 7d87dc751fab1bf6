import {
  type DocumentSink,
  mirroredStore,
  type ProjectionRegistration,
  type ReadModelStore,
} from '@diptych/core';
import { MemoryReadModelStore } from '@diptych/core/memory';
import { expect } from 'vitest';
import type { NotesDocument } from './noted.js';
import { ProjectionWorld } from './projection-world.js';
import { type DocumentSinkSubject, mirroredGround } from './sink-fixture.js';

/** A journal and processes that feed a mirrored read model from it. */
export class MirroredWorld extends ProjectionWorld {
  readonly #subject: DocumentSinkSubject;
  readonly #primary: MemoryReadModelStore;

  constructor(subject: DocumentSinkSubject) {
    const primary = new MemoryReadModelStore({ clock: subject.clock });
    const readModels = mirroredStore(primary, subject.sink, { clock: subject.clock });
    super({ ...mirroredGround(subject), readModels });
    this.#subject = subject;
    this.#primary = primary;
  }

  /** The store as a process has it that sees the sink so. */
  storeOver(sink: DocumentSink): ReadModelStore {
    return mirroredStore(this.#primary, sink, { clock: this.#subject.clock });
  }

  /** What queries of the sink see in the serving copy. */
  async seen(projection: ProjectionRegistration, tenant = 'default') {
    const copy = await this.serving(projection);
    if (copy === undefined) return undefined;
    await this.#subject.shown();
    const documents = await this.#subject.seen(copy, tenant);
    return Object.fromEntries(documents.map((document) => [document.id, shown(document)]));
  }

  async expectMirrored(projection: ProjectionRegistration, tenant?: string): Promise<void> {
    const folded = Object.entries(await this.folded(tenant));
    const expected = Object.fromEntries(folded.map(([id, document]) => [id, shown(document)]));
    expect(await this.seen(projection, tenant)).toEqual(expected);
  }
}

const shown = ({ id, total, streams }: Pick<NotesDocument, 'id' | 'total' | 'streams'>) => ({
  id,
  total,
  streams,
});
