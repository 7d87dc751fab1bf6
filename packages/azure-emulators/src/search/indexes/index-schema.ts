import { type Field, withInner } from './field.js';

/** Where suggestions come from. */
export interface Suggester {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** What documents of an index are. */
export class IndexSchema {
  readonly key: Field;
  readonly searchable: readonly Field[];
  private readonly byPath: ReadonlyMap<string, Field>;

  constructor(
    readonly fields: readonly Field[],
    readonly suggesters: readonly Suggester[],
  ) {
    const all = [...withInner(fields)];
    this.byPath = new Map(all.map((field) => [field.path, field]));
    this.key = fields.find(({ isKey }) => isKey)!;
    this.searchable = all.filter(({ can }) => can.searchable);
  }

  get size(): number {
    return this.byPath.size;
  }

  field(path: string): Field | undefined {
    return this.byPath.get(path);
  }
}
