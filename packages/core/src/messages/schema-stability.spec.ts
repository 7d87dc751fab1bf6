import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { command } from './command.js';
import { event } from './event.js';
import { query } from './query.js';
import { unstableSchemas } from './schema-stability.js';

const faultsOf = (types: Parameters<typeof unstableSchemas>[0]) => unstableSchemas(types);

const tree = z.object({
  id: z.string(),
  get children() {
    return z.array(tree);
  },
});

describe('unstableSchemas', () => {
  it.each([
    ['plain fields', z.object({ id: z.string(), lines: z.array(z.object({ quantity: z.number() })) })],
    [
      'defaults and optional fields',
      z.object({ id: z.string().default('none'), note: z.string().optional() }),
    ],
    [
      'records and unions',
      z.union([
        z.object({ kind: z.literal('a'), of: z.record(z.string(), z.number()) }),
        z.object({ kind: z.literal('b') }),
      ]),
    ],
    ['texts that are trimmed', z.object({ id: z.string().trim() })],
    ['a field named as a keyword', z.object({ required: z.string(), default: z.number().default(1) })],
    ['recursive data', tree],
  ])('accepts %s', (_what, schema) => {
    expect(faultsOf([command('spec.Stable', schema)])).toEqual([]);
  });

  it.each([
    ['dates', z.object({ at: z.date() })],
    ['coerced dates', z.object({ at: z.coerce.date() })],
    ['big integers', z.object({ amount: z.bigint() })],
    ['transforms', z.object({ name: z.string().transform((text) => text.length) })],
    ['transforms that keep the type', z.object({ name: z.string().transform((text) => `${text}!`) })],
    ['transforms into another schema', z.object({ n: z.string().transform(Number).pipe(z.number()) })],
    ['codecs', z.object({ n: z.codec(z.string(), z.number(), { decode: Number, encode: String }) })],
    ['maps', z.object({ of: z.map(z.string(), z.string()) })],
  ])('finds %s by the JSON Schema', (_what, schema) => {
    const [fault, ...others] = faultsOf([event('spec.Unstable', schema)]);
    expect(others).toEqual([]);
    expect(fault).toMatchObject({
      code: 'schema-unstable',
      origin: 'programming',
      details: { wireName: 'spec.Unstable' },
    });
  });

  it('finds a result that does not survive JSON', () => {
    const type = query('spec.When').returns(z.object({ at: z.date() }));
    expect(faultsOf([type])).toMatchObject([{ code: 'schema-unstable' }]);
  });

  const plain = <T>(validate: (value: T) => StandardSchemaV1.Result<T>): StandardSchemaV1<T> => ({
    '~standard': { version: 1, vendor: 'spec', validate: (value) => validate(value as T) },
  });
  const doubling = plain<{ n: number }>(({ n }) => ({ value: { n: n * 2 } }));

  it('finds by an example what a schema without JSON Schema changes each time it parses', () => {
    const type = command('spec.Doubled', doubling, { examples: [{ n: 0 }, { n: 2 }] });
    expect(faultsOf([type])[0]?.message).toContain('example 2: read back, it is something else');
  });

  it('finds an example that cannot be written at all', () => {
    const type = command(
      'spec.Big',
      plain<{ n: bigint }>((value) => ({ value })),
      {
        examples: [{ n: 1n }],
      },
    );
    expect(faultsOf([type])[0]?.message).toContain('cannot be written as JSON');
  });

  it('finds an example that is refused when it is read back', () => {
    const onlyDates = plain<{ at: Date }>((value) =>
      value.at instanceof Date ? { value } : { issues: [{ message: 'no date' }] },
    );
    const type = command('spec.At', onlyDates, { examples: [{ at: new Date(0) }] });
    expect(faultsOf([type])[0]?.message).toContain('no date');
  });

  it('takes the word of examples where a JSON Schema cannot be written', () => {
    const even = z.object({ n: z.custom<number>((value) => typeof value === 'number') });
    expect(faultsOf([command('spec.Custom', even, { examples: [{ n: 2 }] })])).toEqual([]);
  });

  it('reports every message, not the first', () => {
    const dates = z.object({ at: z.date() });
    expect(faultsOf([event('spec.One', dates), event('spec.Fine'), event('spec.Two', dates)])).toHaveLength(
      2,
    );
  });
});
