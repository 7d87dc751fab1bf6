import { DiptychError } from '../errors/diptych-error.js';
import type { DocumentId } from '../read-models/document.js';

export interface MirrorRefusal {
  readonly id: DocumentId;
  readonly reason: string;
}

/** A sink refuses documents as they are. The events that made them so park; queries of the sink see the state before. */
export class MirrorRefusedError extends DiptychError {
  readonly refusals: readonly MirrorRefusal[];

  constructor(model: string, refusals: readonly MirrorRefusal[]) {
    const names = refusals.map(({ id, reason }) => `'${id.name}' (${reason})`);
    super({
      code: 'mirror-refused',
      message: `What mirrors read model '${model}' refuses: ${names.join(', ')}.`,
      details: { model, refusals },
    });
    this.refusals = refusals;
  }
}
