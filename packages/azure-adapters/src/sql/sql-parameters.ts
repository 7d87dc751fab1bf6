import { createHash } from 'node:crypto';
import { DiptychError, type Position, partsOf, stored } from '@diptych/core';
import mssql from 'mssql';

/** What a statement's parameter is declared as, and bound to. */
export interface SqlParameter {
  readonly type: mssql.ISqlType | (() => mssql.ISqlType);
  readonly value: unknown;
}

export type SqlParameters = Readonly<Record<string, SqlParameter>>;

/** How many characters a name may have as it is stored, in which what stores lose takes five. */
const maxNameLength = 1_000;

// One object for each type: declarations are the same texts again and again, and so are the server's plans.
const shortName = mssql.NVarChar(400);
const longName = mssql.NVarChar(maxNameLength);
const anyText = mssql.NVarChar(mssql.MAX);
const positionType = mssql.VarChar(20);
const digestType = mssql.VarBinary(32);
const intType = mssql.Int();
const bigIntType = mssql.BigInt();
const floatType = mssql.Float();
const revisionType = mssql.UniqueIdentifier();

/** The name of a stream, a key, an id. @throws DiptychError `name-too-long`. */
export function name(text: string): SqlParameter {
  return { type: longName, value: bounded(stored(text), maxNameLength) };
}

/** A name that indexes have in full: of a subscription, an owner, a model. @throws DiptychError `name-too-long`. */
export function indexedName(text: string, maxLength = 400): SqlParameter {
  return { type: shortName, value: bounded(stored(text), maxLength) };
}

/** As `indexedName`, for what indexes have more room for. */
export function longIndexedName(text: string, maxLength: number): SqlParameter {
  return { type: longName, value: bounded(stored(text), maxLength) };
}

/** The token of a document's state. */
export function revision(value: string): SqlParameter {
  return { type: revisionType, value };
}

/** A text of any length. */
export function text(value: string | null): SqlParameter {
  return { type: anyText, value };
}

export function position(value: string): SqlParameter {
  return { type: positionType, value };
}

export function digest(...parts: readonly string[]): SqlParameter {
  return { type: digestType, value: digestOf(...parts) };
}

export function bytes32(value: Buffer | null): SqlParameter {
  return { type: digestType, value };
}

export function int(value: number): SqlParameter {
  return { type: intType, value };
}

/** Whole numbers beyond 32 bits: times in milliseconds. */
export function big(value: number | bigint): SqlParameter {
  return { type: bigIntType, value: typeof value === 'number' ? BigInt(Math.ceil(value)) : value };
}

export function float(value: number): SqlParameter {
  return { type: floatType, value };
}

/** Texts as one key of 32 bytes, however long they are: SHA-256 of their JSON. */
export function digestOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** The row that a position names. One that no row can have counts as behind all of them. */
export function rowVersionOf(at: Position): bigint {
  const { row } = partsOf(at);
  return row > maxBigInt ? maxBigInt : row;
}

const maxBigInt = 2n ** 63n - 1n;

function bounded(value: string, maxLength: number): string {
  if (value.length <= maxLength) return value;
  throw new DiptychError({
    code: 'name-too-long',
    message: `A name of ${value.length} characters is longer than the ${maxLength} that are stored: '${value.slice(0, 40)}…'.`,
    details: { length: value.length, maxLength },
  });
}
