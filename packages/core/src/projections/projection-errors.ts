import { ProgrammingError } from '../errors/programming-errors.js';

/** A fold answered with a promise: calls to other systems do not belong in it, for it must be repeatable. */
export class AsynchronousFoldError extends ProgrammingError {
  constructor(projection: string, event: string) {
    super(
      'fold-asynchronous',
      `The fold of '${event}' in projection '${projection}' gave a promise; it must answer at once.`,
      {
        projection,
        event,
      },
    );
  }
}

/** A fold gave neither a document nor `null`. */
export class FoldGaveNothingError extends ProgrammingError {
  constructor(projection: string, event: string) {
    super(
      'fold-gave-nothing',
      `The fold of '${event}' in projection '${projection}' gave no document; give the one it got to leave it, or null to delete it.`,
      { projection, event },
    );
  }
}

/** An event was said to concern a document without a usable id. */
export class DocumentIdError extends ProgrammingError {
  constructor(projection: string, event: string) {
    super(
      'document-id',
      `Projection '${projection}' names no usable document id for '${event}': it must be a text of 1 to 512 characters.`,
      {
        projection,
        event,
      },
    );
  }
}
