import { type SqlDatabaseOptions, sqlDatabase } from '@diptych/azure-adapters/sql';
import { SqlOrderRepository } from '../orders/sql-order-repository.js';
import { sqlOrderTables } from '../orders/sql-order-tables.js';
import type { ShopStorage } from './shop-storage.js';

// #region storage
/**
 * Everything in an Azure SQL database, in one schema of it, which is made when it is not there. The migrations in the
 * options come after the shop's own.
 * @throws DiptychError as `sqlDatabase` does.
 */
export async function sqlStorage(
  url: string,
  { schema = 'shop', migrations = [], ...options }: Omit<SqlDatabaseOptions, 'connection'> = {},
): Promise<ShopStorage> {
  const database = await sqlDatabase({
    ...options,
    connection: url,
    schema,
    migrations: [...sqlOrderTables(schema), ...migrations],
  });
  return { database, orders: new SqlOrderRepository(schema), close: () => database.close() };
}
// #endregion
