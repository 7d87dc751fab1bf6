import MiniSearch, { type SearchOptions } from 'minisearch';
import type { SearchDocument } from '../documents/search-document.js';
import { valuesAt } from '../documents/values-at.js';
import type { Field } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { analyzerNamed } from './analyzers.js';

/** How well each document fits, by its key. */
export type Scores = ReadonlyMap<string, number>;

interface Entry {
  readonly key: string;
  readonly document: SearchDocument;
}

/** How the words of a term must be found. */
export interface TermMatch {
  /** The last of them may go on. */
  readonly isPrefix?: boolean;
  /** How many letters may differ. */
  readonly fuzziness?: number;
}

/** No field has such a name. */
const keyPath = '#';
/** Stands between words that were taken from texts already. */
const between = '\0';

/** The words of the documents that questions see. */
export class TextIndex {
  private readonly words: MiniSearch<Entry>;

  constructor({ searchable }: IndexSchema) {
    const analyzers = new Map(searchable.map((field) => [field.path, analyzerNamed(field.indexAnalyzer)]));
    this.words = new MiniSearch<Entry>({
      idField: keyPath,
      fields: [...analyzers.keys()],
      extractField: (entry, path) =>
        path === keyPath
          ? entry.key
          : textsAt(entry.document, path).flatMap(analyzers.get(path)!).join(between),
      tokenize: (joined) => joined.split(between).filter((word) => word !== ''),
      processTerm: (word) => word,
    });
  }

  put(key: string, before: SearchDocument | undefined, document: SearchDocument | undefined): void {
    if (before !== undefined) this.words.remove({ key, document: before });
    if (document !== undefined) this.words.add({ key, document });
  }

  /** The documents in which all words of a text are, in one of the fields. */
  withTerm(
    text: string,
    fields: readonly Field[],
    { isPrefix = false, fuzziness = 0 }: TermMatch = {},
  ): Scores {
    return this.inAny(fields, (field) => {
      const words = analyzerNamed(field.searchAnalyzer)(text);
      const isLast = (index: number) => index === words.length - 1;
      return this.find(field, words, {
        prefix: (_word, index) => isPrefix && isLast(index),
        fuzzy: fuzziness,
      });
    });
  }

  /** The documents in one of whose fields the words of a text follow on each other. */
  withPhrase(text: string, fields: readonly Field[], documents: ReadonlyMap<string, SearchDocument>): Scores {
    return this.inAny(fields, (field) => {
      const words = analyzerNamed(field.searchAnalyzer)(text);
      const found = this.find(field, words, {});
      const analyze = analyzerNamed(field.indexAnalyzer);
      const isThere = (key: string) =>
        textsAt(documents.get(key)!, field.path).some((one) => follows(analyze(one), words));
      return new Map([...found].filter(([key]) => isThere(key)));
    });
  }

  private find(field: Field, words: readonly string[], options: SearchOptions): Scores {
    if (words.length === 0) return new Map();
    const found = this.words.search(words.join(between), {
      ...options,
      fields: [field.path],
      combineWith: 'AND',
    });
    return new Map(found.map(({ id, score }) => [id as string, score]));
  }

  private inAny(fields: readonly Field[], find: (field: Field) => Scores): Scores {
    const sums = new Map<string, number>();
    for (const field of fields) {
      for (const [key, score] of find(field)) sums.set(key, (sums.get(key) ?? 0) + score);
    }
    return sums;
  }
}

/** The texts of a field: one, many of a collection, or none. */
export function textsAt(document: SearchDocument, path: string): readonly string[] {
  return valuesAt(document, path.split('/')) as readonly string[];
}

function follows(words: readonly string[], wanted: readonly string[]): boolean {
  return words.some((_, start) => wanted.every((word, offset) => words[start + offset] === word));
}
