import { sqlError } from './sql-error.js';
import type { Expression, Source } from './syntax.js';

/** Where in an item the value is that a query sorts by. Throws for what is no property of an item. */
export function pathOf(value: Expression, sources: readonly Source[]): string {
  const names = namesIn(value);
  const [first] = sources;
  if (names === undefined || first?.kind !== 'value' || first.name !== names[0]) throw unsupported();
  const base = namesIn(first.path)?.slice(1);
  if (base === undefined || base.length + names.length === 1) throw unsupported();
  return `/${[...base, ...names.slice(1)].join('/')}`;
}

function namesIn(value: Expression): readonly string[] | undefined {
  if (value.kind === 'name') return [value.name];
  if (value.kind !== 'member' || value.name.kind !== 'constant') return undefined;
  const of = namesIn(value.of);
  return of && typeof value.name.value === 'string' ? [...of, value.name.value] : undefined;
}

const unsupported = () =>
  sqlError(
    'Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.',
    'SC2206',
  );
