import { contract } from './contract.js';
import { repairing } from './mirror-repairs-contract.js';
import { sweeps } from './mirror-sweeps-contract.js';
import { mirroredProjections } from './mirrored-projections-contract.js';
import { mirroring } from './mirroring-contract.js';
import { sinkCopies } from './sink-copies-contract.js';
import { sinkEntries } from './sink-entries-contract.js';
import type { DocumentSinkFactory } from './sink-fixture.js';

export interface DocumentSinkSeeds {
  /** Each is a history in which requests get lost or come late, and processes die. */
  readonly seeds: readonly number[];
}

/** What `DocumentSink` means, and what is promised of documents that are mirrored into it. */
export function documentSinkContract(
  adapter: string,
  factory: DocumentSinkFactory,
  { seeds }: DocumentSinkSeeds,
): void {
  contract('document sink', adapter, factory, (suite) => {
    sinkEntries(suite);
    sinkCopies(suite);
    mirroring(suite);
    repairing(suite);
    sweeps(suite);
    mirroredProjections(suite, seeds);
  });
}
