import { createCharge, deleteCharge, readCharge, replaceCharge } from '../charges/request-charges.js';
import { badRequest, conflict, notFound, preconditionFailed } from '../cosmos-error.js';
import { readId } from './item-properties.js';
import { isObject } from './json.js';
import { patched, readPatch } from './patch.js';
import type { StoredItem } from './stored-item.js';
import type { WriteUnit } from './write-unit.js';

export interface AccessCondition {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ItemResult {
  readonly status: number;
  readonly item: StoredItem | undefined;
  readonly charge: number;
}

export function createItem(unit: WriteUnit, body: unknown): ItemResult {
  if (unit.read(idIn(body)) !== undefined) {
    throw conflict('Resource with specified id or name already exists.');
  }
  return written(unit, body, 201);
}

export function upsertItem(unit: WriteUnit, body: unknown, condition: AccessCondition): ItemResult {
  const before = unit.read(idIn(body));
  check(before, condition);
  return written(unit, body, before === undefined ? 201 : 200);
}

export function replaceItem(
  unit: WriteUnit,
  id: string,
  body: unknown,
  condition: AccessCondition,
): ItemResult {
  check(existing(unit, id), condition);
  if (idIn(body) !== id) throw badRequest('The id of an item cannot be replaced.');
  return written(unit, body, 200);
}

export function patchItem(
  unit: WriteUnit,
  id: string,
  body: unknown,
  condition: AccessCondition,
): ItemResult {
  const before = existing(unit, id);
  check(before, condition);
  const patch = readPatch(body);
  if (!patch.condition(before.body)) throw preconditionFailed();
  return written(unit, patched(before.body, patch.operations), 200);
}

export function deleteItem(unit: WriteUnit, id: string, condition: AccessCondition): ItemResult {
  const before = existing(unit, id);
  check(before, condition);
  unit.remove(id);
  return { status: 204, item: undefined, charge: deleteCharge(before.bytes) };
}

/** Answers 304 for what the client has already. */
export function readItem(
  item: StoredItem | undefined,
  { ifMatch, ifNoneMatch }: AccessCondition,
): ItemResult {
  if (item === undefined) throw notFound();
  if (ifMatch !== undefined && !matches(item, ifMatch)) throw preconditionFailed();
  const isKnown = ifNoneMatch !== undefined && matches(item, ifNoneMatch);
  return { status: isKnown ? 304 : 200, item, charge: readCharge(item.bytes) };
}

function written(unit: WriteUnit, body: unknown, status: number): ItemResult {
  const item = unit.write(body);
  const charge = status === 201 ? createCharge : replaceCharge;
  return { status, item, charge: charge(item.bytes, item.body) };
}

function existing(unit: WriteUnit, id: string): StoredItem {
  const item = unit.read(id);
  if (item === undefined) throw notFound();
  return item;
}

function check(item: StoredItem | undefined, { ifMatch, ifNoneMatch }: AccessCondition): void {
  if (ifMatch !== undefined && (item === undefined || !matches(item, ifMatch))) throw preconditionFailed();
  if (ifNoneMatch !== undefined && item !== undefined && matches(item, ifNoneMatch))
    throw preconditionFailed();
}

const matches = (item: StoredItem, etag: string) => etag === '*' || etag === item.etag;

const idIn = (body: unknown) => readId(isObject(body) ? body.id : undefined);
