declare const brand: unique symbol;

/**
 * A place in a journal: unique per event, ordered in the whole journal. Opaque to programs, but comparable with
 * `<`, `>` and `===`, and the same fixed-width text in code, in stores and on wires.
 */
export type Position = string & { readonly [brand]: 'position' };

const rowDigits = 16;
const indexDigits = 4;
export const positionLength = rowDigits + indexDigits;
/** How many events one unit of work may write: what fits the index part of a position. */
export const maxEventsPerUnit = 16 ** indexDigits;

/** For journals: the position of the event with that index in the unit of work that wrote journal row `row`. */
export function positionAt(row: bigint | number, index: number): Position {
  return (row.toString(16).padStart(rowDigits, '0') +
    index.toString(16).padStart(indexDigits, '0')) as Position;
}

/** For journals: the parts that `positionAt` put together. */
export function partsOf(position: Position): { readonly row: bigint; readonly index: number } {
  return {
    row: BigInt(`0x${position.slice(0, rowDigits)}`),
    index: Number.parseInt(position.slice(rowDigits), 16),
  };
}

const shape = new RegExp(`^[0-9a-f]{${positionLength}}$`);

/** The text as a position, or `undefined` when it is none. */
export function asPosition(text: string): Position | undefined {
  return shape.test(text) ? (text as Position) : undefined;
}
