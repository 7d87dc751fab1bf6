import type { Right } from '../access/shared-access-keys.js';
import type { Namespace } from '../entities/namespace.js';
import { badRequest } from '../errors/service-bus-error.js';

export interface ManagementRequest {
  readonly namespace: Namespace;
  /** The entity that is asked. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Operation {
  /** One of them is needed. */
  readonly rights: readonly Right[];
  /** Gives the answer's body; nothing where nothing was found. */
  perform(request: ManagementRequest): Readonly<Record<string, unknown>> | undefined;
}

export function textOf(body: ManagementRequest['body'], name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw badRequest(`The request needs the text '${name}'.`);
  return value;
}

export function optionalTextOf(body: ManagementRequest['body'], name: string): string | undefined {
  return body[name] == null ? undefined : textOf(body, name);
}

/** Integers of 64 bits come as numbers or as eight bytes. */
export function integerOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (Buffer.isBuffer(value) && value.length === 8) return Number(value.readBigInt64BE());
  throw badRequest('The request holds no integer where one is needed.');
}

export function listOf(body: ManagementRequest['body'], name: string): readonly unknown[] {
  const value = body[name];
  if (!Array.isArray(value)) throw badRequest(`The request needs the list '${name}'.`);
  return value;
}

export function binaryOf(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw badRequest('The request holds no binary where one is needed.');
  return value;
}
