import {
  type CommandRegistration,
  commandHandler,
  handleWith,
  internal,
  type SnapshotStore,
} from '@diptych/core';
import { MoveStock } from './move-stock.js';
import { stockLedger, stockStream } from './stock-ledger.js';

// #region handler
/** Event-sourced. Products that move often have long streams, so their state is kept in snapshots where it can be. */
export function moveStockHandler(snapshots: SnapshotStore | undefined): CommandRegistration {
  return commandHandler(
    MoveStock,
    { authorize: internal },
    handleWith(stockLedger, {
      stream: ({ productCode }) => stockStream(productCode),
      ...(snapshots && { snapshots: { store: snapshots, name: 'stock', schemaVersion: 1 } }),
    }),
  );
}
// #endregion
