import { anyone, QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { StockLevels } from './stock-levels.js';
import { type StockLevel, StockLevelsProjection } from './stock-levels-projection.js';

@QueryHandler(StockLevels, { inject: [readModel(StockLevelsProjection)], authorize: anyone })
export class StockLevelsHandler {
  constructor(private readonly stock: ReadModel<StockLevel>) {}

  async handle({ productCodes, limit, after }: StockLevels): Promise<ResultOf<StockLevels>> {
    if (productCodes !== undefined) {
      const found = await this.stock.getMany(productCodes);
      return { levels: found.filter((level) => level !== undefined) };
    }
    const { documents, next } = await this.stock.all({ limit, ...(after === undefined ? {} : { after }) });
    return { levels: [...documents], ...(next === undefined ? {} : { next }) };
  }
}
