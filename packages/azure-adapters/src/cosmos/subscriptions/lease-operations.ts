import type { OperationInput, PatchOperationInput } from '@azure/cosmos';
import { stored } from '@diptych/core';
import { json } from './json.js';
import type { LeaseTable } from './lease-table.js';
import { type Lease, type LeasesItem, leasesId, newPartition, partitionId } from './subscription-items.js';
import type { Found } from './subscription-space.js';

/** All leases, on the condition that they are as they were. */
export function leasesOperation(
  subscription: string,
  leases: Found<LeasesItem> | undefined,
  table: LeaseTable,
  lastWrite: string,
): OperationInput {
  const item = {
    id: leasesId,
    subscription: stored(subscription),
    kind: 'leases',
    ...table.content(),
    isForgotten: false,
    lastWrite,
  };
  return leases === undefined
    ? { operationType: 'Create', resourceBody: json(item) }
    : { operationType: 'Replace', id: leasesId, ifMatch: leases.etag, resourceBody: json(item) };
}

/** Owner and epoch as in the lease. The rest of a partition stays as it is, whoever writes it at the same time. */
export function partitionOperation(
  subscription: string,
  { partition, owner, epoch }: Lease,
  isThere: boolean,
): OperationInput {
  if (!isThere)
    return {
      operationType: 'Create',
      resourceBody: json(newPartition(subscription, { partition, owner, epoch })),
    };
  const patch: PatchOperationInput['resourceBody'] = {
    operations: [
      { op: 'set', path: '/owner', value: owner },
      { op: 'set', path: '/epoch', value: epoch },
    ],
  };
  return { operationType: 'Patch', id: partitionId(partition), resourceBody: patch };
}
