import type { QueryMessageContext } from '../query-context.js';
import { canonicalJson, comesThroughJson } from './faithful-json.js';
import type { QueryCacheOptions } from './query-cache-options.js';

export interface AnswerKeyParts {
  /** The program that answers: others may have another handler for a query of the same name. */
  readonly program: string;
  /** The copies of the read models that it is answered from, in words. */
  readonly copies: string;
  readonly sharedBy: QueryCacheOptions['sharedBy'];
}

/**
 * What an answer is kept under: everything that it depends on. `undefined` where the query's data is more than JSON can
 * tell, so that two queries might be taken for one.
 */
export function answerKeyOf(
  query: object,
  { definition, tenant, subject }: QueryMessageContext,
  { program, copies, sharedBy }: AnswerKeyParts,
): string | undefined {
  const data = { ...query };
  if (!comesThroughJson(data)) return undefined;
  const { wireName, version } = definition;
  const whose = sharedBy === 'tenant' ? null : [subject.id, subject.roles, subject.delegated === true];
  return `${JSON.stringify([program, wireName, version, copies, tenant, whose])}${canonicalJson(data)}`;
}
