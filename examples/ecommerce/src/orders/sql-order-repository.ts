import type { SqlTransaction } from '@diptych/azure-adapters/sql';
import { currentSession } from '@diptych/core';
import mssql from 'mssql';
import type { ReturnableLine } from '../lines/returned-lines.js';
import type { Order } from './order.js';
import { OrderRepository } from './order-repository.js';

/** A statement has 2,100 parameters at most, and a line takes six. */
const linesAtOnce = 300;

/** Orders as rows of an Azure SQL database, in the transaction of the handler that is running. */
export class SqlOrderRepository extends OrderRepository {
  readonly #orders: string;
  readonly #lines: string;

  constructor(schema: string) {
    super();
    this.#orders = `[${schema}].[orders]`;
    this.#lines = `[${schema}].[order_lines]`;
  }

  async find(orderId: string): Promise<Order | undefined> {
    const request = await newRequest();
    const { recordsets } = await request.input('id', mssql.NVarChar(200), orderId).query<unknown>(`
      SELECT order_id AS orderId, customer_id AS customerId, country, placed_at AS placedAt, total, status, version
      FROM ${this.#orders} WHERE order_id = @id;
      SELECT product_code AS productCode, description, quantity, price, returned
      FROM ${this.#lines} WHERE order_id = @id ORDER BY line_number;`);
    const [[order], lines] = recordsets as unknown as [Omit<Order, 'lines'>[], ReturnableLine[]];
    return order && { ...order, lines };
  }

  // #region save
  async save(order: Order): Promise<void> {
    // What an order was placed with stays; what becomes of it changes.
    if (order.version === 1) return this.#add(order);
    const request = await newRequest();
    request.input('id', mssql.NVarChar(200), order.orderId);
    request.input('status', mssql.VarChar(20), order.status);
    request.input('version', mssql.Int, order.version);
    request.input(
      'returned',
      mssql.NVarChar(mssql.MAX),
      JSON.stringify(order.lines.map((line) => line.returned)),
    );
    await request.query(`
      UPDATE ${this.#orders} SET status = @status, version = @version WHERE order_id = @id;
      UPDATE l SET returned = CAST(r.value AS int) FROM ${this.#lines} AS l
      JOIN OPENJSON(@returned) AS r ON l.line_number = CAST(r.[key] AS int) + 1
      WHERE l.order_id = @id AND l.returned <> CAST(r.value AS int);`);
  }
  // #endregion

  async #add({ lines, ...order }: Order): Promise<void> {
    const request = await newRequest();
    request.input('id', mssql.NVarChar(200), order.orderId);
    request.input('customer', mssql.NVarChar(200), order.customerId);
    request.input('country', mssql.NVarChar(100), order.country);
    request.input('placedAt', mssql.VarChar(30), order.placedAt);
    request.input('total', mssql.VarChar(1_010), order.total);
    request.input('status', mssql.VarChar(20), order.status);
    request.input('version', mssql.Int, order.version);
    const first = this.#insertLines(request, lines.slice(0, linesAtOnce), 0);
    await request.query(`
      INSERT INTO ${this.#orders} (order_id, customer_id, country, placed_at, total, status, version)
      VALUES (@id, @customer, @country, @placedAt, @total, @status, @version);
      ${first}`);
    for (let at = linesAtOnce; at < lines.length; at += linesAtOnce) {
      const more = await newRequest();
      more.input('id', mssql.NVarChar(200), order.orderId);
      await more.query(this.#insertLines(more, lines.slice(at, at + linesAtOnce), at));
    }
  }

  #insertLines(request: mssql.Request, lines: readonly ReturnableLine[], before: number): string {
    const rows = lines.map(({ productCode, description, quantity, price, returned }, index) => {
      const number = before + index + 1;
      request.input(`n${number}`, mssql.Int, number);
      request.input(`c${number}`, mssql.NVarChar(200), productCode);
      request.input(`d${number}`, mssql.NVarChar(1_000), description);
      request.input(`q${number}`, mssql.Int, quantity);
      request.input(`p${number}`, mssql.VarChar(1_010), price);
      request.input(`r${number}`, mssql.Int, returned);
      return `(@id, ${['n', 'c', 'd', 'q', 'p', 'r'].map((name) => `@${name}${number}`).join(', ')})`;
    });
    return `INSERT INTO ${this.#lines} (order_id, line_number, product_code, description, quantity, price, returned)
      VALUES ${rows.join(', ')};`;
  }
}

async function newRequest(): Promise<mssql.Request> {
  return new mssql.Request(await currentSession<SqlTransaction>().native());
}
