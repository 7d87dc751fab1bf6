import { createApp, lineLogger } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { BalanceOf, Deposit, handlers } from './accounts.js';

// #region program
const logger = lineLogger({ write: console.error }); // warnings and errors
const app = await createApp({ name: 'bank', handlers, database: memoryDatabase(), logger });
await app.start();

const subject = { id: 'ada', roles: [] };
const receipt = await app.commands.dispatch(new Deposit({ account: 'ada', cents: 500 }), { subject });
const after = receipt.consistency; // read your own write, in any process
console.log(await app.queries.execute(new BalanceOf({ account: 'ada' }), { subject, after })); // 500

await app.stop();
// #endregion
