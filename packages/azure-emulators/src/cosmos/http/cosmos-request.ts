import type { JsonObject, JsonValue } from '../items/json.js';

/** A request of a client whose key is right. */
export interface CosmosRequest {
  readonly method: string;
  /** The names in the path, decoded. */
  readonly path: readonly string[];
  readonly body: unknown;
  readonly bytes: number;
  /** By its name in small letters. */
  header(name: string): string | undefined;
}

export interface CosmosAnswer {
  readonly status: number;
  readonly body?: JsonObject | readonly JsonValue[];
  readonly headers?: Readonly<Record<string, string>>;
  /** In request units. */
  readonly charge?: number;
}

export const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true';
