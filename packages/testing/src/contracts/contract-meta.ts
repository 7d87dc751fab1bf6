import { describe } from 'vitest';

/** What a contract suite says of itself; the support matrix is made from this alone. */
export interface ContractMeta {
  readonly port: string;
  readonly adapter: string;
}

declare module 'vitest' {
  interface TaskMeta {
    contract?: ContractMeta;
    /** A capability that the adapter declares to lack; the task shows what happens instead. */
    capability?: { readonly name: string; readonly reason: string };
    /** Why a whole contract suite was not run. */
    notRun?: string;
  }
}

/** A contract suite: every test inside counts for this port and adapter in the support matrix. */
export function describeContract(contract: ContractMeta, body: () => void): void {
  describe(`${contract.port} contract: ${contract.adapter}`, { meta: { contract } }, body);
}

/** Tests of what happens instead, where the adapter lacks a capability. Belongs inside a contract suite. */
export function describeMissingCapability(name: string, reason: string, body: () => void): void {
  describe(`without ${name}: ${reason}`, { meta: { capability: { name, reason } } }, body);
}

/** A contract suite that cannot run here, so that the support matrix says so instead of keeping silent. */
export function contractNotRun(contract: ContractMeta, reason: string): void {
  describe.skip(`${contract.port} contract: ${contract.adapter}`, {
    meta: { contract, notRun: reason },
  }, () => {});
}
