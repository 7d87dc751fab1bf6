import { queryError } from './query-errors.js';
import { RenderedSql, requireValue, SqlFragment, type SqlValue } from './sql-fragment.js';
import { type SqlToken, sqlTokens } from './sql-tokens.js';

/** A query as a text, with the values of its parameters by their names, without the `@`. */
export interface SqlText {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, SqlValue>>;
}

/** What a program asks, read into words: each parameter has a value. */
export interface AskedSql {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  /** By name, with the `@`. */
  readonly parameters: ReadonlyMap<string, SqlValue>;
}

/** What we name ourselves begins so. */
export const reserved = 'diptych_';

/** @throws ProgrammingError `cosmos-query` */
export function readSql(asked: SqlFragment | SqlText): AskedSql {
  return asked instanceof SqlFragment ? readFragment(asked) : readText(asked);
}

function readFragment(fragment: SqlFragment): AskedSql {
  const rendered = new RenderedSql();
  fragment.renderInto(rendered);
  const { text, parameters, places } = rendered;
  const tokens = sqlTokens(text);
  const standing = new Map(
    tokens.filter(({ kind }) => kind === 'parameter').map(({ at, text: name }) => [at, name]),
  );
  for (const [at, name] of places) {
    if (standing.get(at) !== name || /[\p{L}\p{N}_$]/u.test(text[at - 1] ?? ''))
      throw queryError('a value stands by itself, without quotes and outside comments', text, at);
    standing.delete(at);
  }
  const [other] = standing.keys();
  if (other !== undefined) throw queryError('a value of a template has no name of its own', text, other);
  return { text, tokens, parameters };
}

function readText({ text, parameters = {} }: SqlText): AskedSql {
  if (typeof text !== 'string') throw queryError('it is neither sql`…` nor { text, parameters }');
  const tokens = sqlTokens(text);
  const given = new Map<string, SqlValue>(
    Object.entries(parameters).map(([name, value]) => [`@${name}`, requireValue(value, name)]),
  );
  const ours = [...given.keys()].find((name) => name.startsWith(`@${reserved}`));
  if (ours !== undefined) throw queryError(`no parameter is named ${reserved}…`);
  const missing = tokens.find(({ kind, text: name }) => kind === 'parameter' && !given.has(name));
  if (missing !== undefined) throw queryError(`'${missing.text}' has no value`, text, missing.at);
  return { text, tokens, parameters: given };
}
