import { ProgrammingError } from '../errors/programming-errors.js';
import type { Injectable, Token } from '../handlers/injection.js';
import { token } from '../handlers/injection.js';
import type { ReadModelIndex } from '../read-models/read-model.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import type { ProjectionOrdering, ProjectionRegistration } from './projection-registration.js';

export type ProjectionIndexes = Readonly<Record<string, ReadModelIndex>>;

export interface ProjectionOptions<Indexes extends ProjectionIndexes = ProjectionIndexes> {
  /** Stable: its documents, checkpoints and parked messages are kept under it. Letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** 1 and up. Raise it when the folds change: the new version is built beside the old one. */
  readonly version: number;
  /** The ways to find documents beside their ids. */
  readonly indexes?: Indexes | undefined;
  /** Default `'partition'`. */
  readonly ordering?: ProjectionOrdering | undefined;
  /** Default: the read-model store of the app. */
  readonly store?: Token<ReadModelStore> | undefined;
}

/** The name of a field of the document, of any of them where it is a union. */
export type FieldOf<Document> = Document extends unknown ? keyof Document & string : never;

/** The fields that indexes mention. */
export type FieldsIn<Indexes extends ProjectionIndexes> = {
  [Name in keyof Indexes]: Indexes[Name]['by'][number] | Extract<Indexes[Name]['sort'], string>;
}[keyof Indexes];

type Content = Pick<ProjectionRegistration, 'source' | 'inject' | 'folds'>;

/** @throws ProgrammingError `projection-name`, `projection-version`, `index-without-fields`. */
export function projectionRegistration(options: ProjectionOptions, content: Content): ProjectionRegistration {
  const { name, version, indexes = {}, ordering = 'partition', store } = options;
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw new ProgrammingError(
      'projection-name',
      `'${name}' cannot name a projection: 1 to 100 of A-Z a-z 0-9 . _ -`,
    );
  }
  if (!Number.isInteger(version) || version < 1) {
    throw new ProgrammingError(
      'projection-version',
      `Projection '${name}' has version ${version}; use 1, 2, 3 …`,
    );
  }
  for (const [index, { by }] of Object.entries(indexes)) {
    if (by.length > 0) continue;
    throw new ProgrammingError(
      'index-without-fields',
      `Index '${index}' of projection '${name}' is by no field. For all documents there is all().`,
    );
  }
  return {
    kind: 'projection',
    name,
    definition: { model: name, version, indexes },
    ordering,
    store,
    token: token(`readModel(${name})`, `Name the projection '${name}' in \`handlers\`.`),
    ...content,
  };
}

/** What decides how a projection's class is resolved. */
export interface InjectOptions<Inject extends readonly Injectable[]> {
  /** What the constructor is given, in its order. */
  readonly inject?: Inject | undefined;
}
