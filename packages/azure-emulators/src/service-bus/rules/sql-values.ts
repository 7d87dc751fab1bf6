/** A value of an expression; undefined stands for SQL's NULL and for what is unknown. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | undefined;

const comparable = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return value ?? undefined;
};

/** Less than zero, zero or more, as in sorting; undefined where the two cannot be compared. */
export function compare(left: unknown, right: unknown): number | undefined {
  const [a, b] = [comparable(left), comparable(right)];
  const isNumeric = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
  if (a === undefined || b === undefined) return undefined;
  if (typeof a !== typeof b && !(isNumeric(a) && isNumeric(b))) return undefined;
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** Undefined where the two cannot be compared. */
export function isEqual(left: unknown, right: unknown): boolean | undefined {
  const order = compare(left, right);
  return order === undefined ? undefined : order === 0;
}
