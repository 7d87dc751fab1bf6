import type { JsonValue } from '../items/json.js';
import type { Aggregate } from './aggregates.js';
import type { Evaluate, Row } from './row.js';
import { sqlError } from './sql-error.js';
import type { Query } from './syntax.js';

/** An aggregate in a selection: what makes it, and what is added to it for each row. */
export interface UsedAggregate {
  readonly make: () => Aggregate;
  readonly value: Evaluate;
}

/** Makes a query ready that stands in another one; its results follow from a row of that. */
export type CompileSubquery = (query: Query, scope: Scope) => (row: Row) => readonly JsonValue[];

/** The names that expressions may use, by the places of their values in a row. */
export class Scope {
  private constructor(
    private readonly names: readonly string[],
    private readonly compileSubquery: CompileSubquery,
    /** Parameters that the whole query uses. */
    readonly parameters: Set<string>,
    /** The aggregates of the selection; undefined where there can be none. */
    readonly aggregates: UsedAggregate[] | undefined,
  ) {}

  static empty = (compileSubquery: CompileSubquery): Scope =>
    new Scope([], compileSubquery, new Set(), undefined);

  with(name: string): Scope {
    if (name !== '' && this.names.includes(name))
      throw sqlError(`The alias '${name}' is already in use.`, 'SC2011');
    return new Scope([...this.names, name], this.compileSubquery, this.parameters, undefined);
  }

  withAggregates(): Scope {
    return new Scope(this.names, this.compileSubquery, this.parameters, []);
  }

  withoutAggregates(): Scope {
    return new Scope(this.names, this.compileSubquery, this.parameters, undefined);
  }

  subquery(query: Query): (row: Row) => readonly JsonValue[] {
    return this.compileSubquery(query, this.withoutAggregates());
  }

  indexOf(name: string): number {
    const index = this.names.lastIndexOf(name);
    if (index < 0) throw sqlError(`Identifier '${name}' could not be resolved.`, 'SC2001');
    return index;
  }
}
