import { currentSession } from '@diptych/core';
import type { SqliteTransaction } from '@diptych/sqlite-adapters';
import type { ReturnableLine } from '../lines/returned-lines.js';
import type { Order } from './order.js';
import { OrderRepository } from './order-repository.js';

const selectOrder = `
  SELECT order_id AS orderId, customer_id AS customerId, country, placed_at AS placedAt, total, status, version
  FROM orders WHERE order_id = ?`;

const selectLines = `
  SELECT product_code AS productCode, description, quantity, price, returned
  FROM order_lines WHERE order_id = ? ORDER BY line_number`;

// What an order was placed with stays; what becomes of it changes.
const putOrder = `
  INSERT INTO orders (order_id, customer_id, country, placed_at, total, status, version)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, version = excluded.version`;

const putLine = `
  INSERT INTO order_lines (order_id, line_number, product_code, description, quantity, price, returned)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (order_id, line_number) DO UPDATE SET returned = excluded.returned`;

/** Orders as rows of a SQLite file, in the transaction of the handler that is running. */
export class SqliteOrderRepository extends OrderRepository {
  async find(orderId: string): Promise<Order | undefined> {
    const rows = await transaction();
    const order = rows.get<Omit<Order, 'lines'>>(selectOrder, orderId);
    return order && { ...order, lines: rows.all<ReturnableLine>(selectLines, orderId) };
  }

  // #region save
  async save({ lines, ...order }: Order): Promise<void> {
    const { orderId, customerId, country, placedAt, total, status, version } = order;
    const rows = await transaction();
    rows.run(putOrder, orderId, customerId, country, placedAt, total, status, version);
    const put = rows.prepare(putLine);
    for (const [index, { productCode, description, quantity, price, returned }] of lines.entries()) {
      put.run(orderId, index + 1, productCode, description, quantity, price, returned);
    }
  }
  // #endregion
}

function transaction(): Promise<SqliteTransaction> {
  return currentSession<SqliteTransaction>().native();
}
