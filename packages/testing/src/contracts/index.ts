export type { ContractFactory, ContractSubject, ContractSuite } from './contract.js';
export { contract } from './contract.js';
export type { ContractMeta } from './contract-meta.js';
export { contractNotRun, describeContract, describeMissingCapability } from './contract-meta.js';
