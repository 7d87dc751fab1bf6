import {
  type ClaimRequest,
  command,
  event,
  type MessageMeta,
  MessageRegistry,
  type Schema,
  UnitOfWork,
  type WriteStore,
} from '@diptych/core';
import type { ContractSuite } from './contract.js';
import { append, envelope } from './contract-envelopes.js';
import type { WriteSideCapability, WriteSideSubject } from './write-side-subject.js';

/** A unit-of-work suite that its parts declare tests with. */
export type UnitOfWorkSuite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

// A schema by hand, so that the suites need no schema library.
const texts: Schema<{ text: string }> = {
  '~standard': {
    version: 1,
    vendor: 'contract',
    validate: (value) => ({ value: value as { text: string } }),
  },
};

export class Noted extends event('test.Noted', texts) {}
export class Do extends command('test.Do', texts) {}

export function unitsOn<Native>(
  { clock, writeStore }: WriteSideSubject<Native>,
  store: WriteStore<Native> = writeStore,
): UnitOfWork<Native> {
  return new UnitOfWork({ store, registry: knownMessages(), source: 'contract', clock });
}

/** The messages of the suite, as a program would know them. */
export function knownMessages(): MessageRegistry {
  const registry = new MessageRegistry();
  registry.add(Noted);
  registry.add(Do);
  return registry;
}

export function meta(facts: Partial<MessageMeta> = {}): MessageMeta {
  const { kind: _kind, data: _data, ...rest } = envelope({ id: 'command-1', name: 'test.Handle', ...facts });
  return rest;
}

export function claimOf(id = 'command-1', facts: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    key: { tenant: 'default', handler: 'command:test.Handle', scope: '', id, fingerprint: 'f' },
    waitInMs: 60_000,
    rememberForMs: 3_600_000,
    remember: true,
    encodeResult: (result) => JSON.stringify(result),
    ...facts,
  };
}

export const note = (text: string) => new Noted({ text });
export const stream = (name: string, tenant = 'default') => ({ tenant, name });
export const textsOf = (events: readonly unknown[]) => events.map((one) => (one as Noted).text);
export const nothing = async () => {};

// Events that the suite's registry knows.
export function namedAppend(name: string, texts: readonly string[]) {
  const events = texts.map((text) => envelope({ name: 'test.Noted', data: JSON.stringify({ text }) }));
  return { ...append(name, 'any', []), events };
}
