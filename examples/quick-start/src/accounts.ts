import {
  authenticated,
  type CommandContext,
  CommandHandler,
  command,
  event,
  On,
  Projection,
  projection,
  QueryHandler,
  query,
  type ReadModel,
  RefusedError,
  readModel,
} from '@diptych/core';
import { z } from 'zod';

// #region left-panel
const account = z.object({ account: z.string().min(1) });
const booking = account.extend({ cents: z.int().positive() });

// Messages: stable wire names, validated by any Standard Schema.
export class Deposit extends command('bank.Deposit', booking) {}
export class Withdraw extends command('bank.Withdraw', booking) {}
export class Deposited extends event('bank.Deposited', booking) {}
export class Withdrawn extends event('bank.Withdrawn', booking) {}
export class BalanceOf extends query('bank.BalanceOf', account).returns<number>() {}

// The left panel: decide, and append events. Rows of your own would commit in the same transaction.
@CommandHandler(Deposit, { authorize: authenticated })
class DepositHandler {
  handle({ account, cents }: Deposit, { session }: CommandContext) {
    session.append(account, 'any', [new Deposited({ account, cents })]);
  }
}
// #endregion

// #region right-panel
// The right panel: one fold per document, each event counted once.
@Projection({ name: 'balances', version: 1 })
export class Balances extends projection<{ cents: number }>() {
  @On(Deposited, ({ account }) => account)
  deposited({ cents }: Deposited, balance: { cents: number } | undefined) {
    return { cents: (balance?.cents ?? 0) + cents };
  }

  @On(Withdrawn, ({ account }) => account)
  withdrawn({ cents }: Withdrawn, balance: { cents: number } | undefined) {
    return { cents: (balance?.cents ?? 0) - cents };
  }
}

@QueryHandler(BalanceOf, { inject: [readModel(Balances)], authorize: authenticated })
class BalanceOfHandler {
  constructor(private readonly balances: ReadModel<{ cents: number }>) {}

  async handle({ account }: BalanceOf) {
    return (await this.balances.get(account))?.cents ?? 0;
  }
}

// #endregion

// Reads before it decides: the version makes sure that nobody else did in between.
@CommandHandler(Withdraw, { authorize: authenticated })
class WithdrawHandler {
  async handle({ account, cents }: Withdraw, { session }: CommandContext) {
    const { events, version } = await session.load(account);
    const balance = (events as readonly (Deposited | Withdrawn)[]).reduce(
      (sum, event) => sum + (event instanceof Deposited ? event.cents : -event.cents),
      0,
    );
    if (cents > balance) throw new RefusedError('overdrawn', `There are ${balance} cents.`);
    session.append(account, version, [new Withdrawn({ account, cents })]);
  }
}

export const handlers = [DepositHandler, WithdrawHandler, Balances, BalanceOfHandler];
