import rhea, { type Typed } from 'rhea';

export type { Typed };

interface Reader {
  position: number;
  read(): Typed;
}

interface Writer {
  write(value: Typed): void;
  toBuffer(): Buffer;
}

/** What rhea's `types` has beyond its own declarations. */
interface UndeclaredTypes {
  readonly Reader: new (bytes: Buffer) => Reader;
  readonly Writer: new () => Writer;
  Map32(pairs: readonly Typed[]): Typed;
  List32(items: readonly (Typed | null)[]): Typed;
}

export const types = rhea.types as unknown as typeof rhea.types & UndeclaredTypes;

/** Decodes the value at `start`. */
export function readAt(bytes: Buffer, start: number): Typed {
  const reader = new types.Reader(bytes);
  reader.position = start;
  return reader.read();
}

/** Each value encoded, one behind the other. */
export function encode(...values: readonly Typed[]): Buffer {
  const writer = new types.Writer();
  for (const value of values) writer.write(value);
  return writer.toBuffer();
}

export const described = (code: number, value: Typed): Typed =>
  types.described_nc(types.wrap_ulong(code), value);

/** A list of values, where nothing stands for null. */
export const listOf = (items: readonly (Typed | undefined)[]): Typed =>
  types.List32(items.map((item) => item ?? null));

/** A value as the wire's integers come: beyond 2^53 as eight bytes. */
export const readable = (value: unknown): unknown =>
  Buffer.isBuffer(value) && value.length === 8 ? value.readBigInt64BE() : value;
