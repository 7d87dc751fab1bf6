import { type CommandContext, CommandHandler, RefusedError } from '@diptych/core';
import { sameOrNoCustomer } from '../identity/policies.js';
import { returnGoods } from './goods-return.js';
import { GoodsReturned } from './goods-returned.js';
import { ReturnGoods } from './return-goods.js';

/** Event-sourced, in a stream of one event: the event is all that is kept. */
@CommandHandler(ReturnGoods, { authorize: sameOrNoCustomer })
export class ReturnGoodsHandler {
  async handle(command: ReturnGoods, { meta, session }: CommandContext) {
    const returned = returnGoods(command, meta.id, meta.time);
    const stream = `return-${returned.returnId}`;
    const { version } = await session.load(stream);
    if (version > 0) throw new RefusedError('return-exists', `Return ${returned.returnId} was taken before.`);
    session.append(stream, 'none', [new GoodsReturned(returned)]);
    return { returnId: returned.returnId, total: returned.total };
  }
}
