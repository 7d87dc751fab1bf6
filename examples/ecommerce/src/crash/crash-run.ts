import { Blows } from './blows.js';
import type { Defect } from './defects/defect.js';
import type { Services } from './faulty-services.js';
import type { Finding } from './finding.js';
import type { Ground } from './grounds/ground.js';
import { Plan } from './plan.js';
import { Random } from './random.js';
import { Shops } from './shops.js';
import { Tally } from './tally.js';
import { Customer } from './workload/customer.js';
import { Onlooker } from './workload/onlooker.js';
import { Operator } from './workload/operator.js';
import { ReadYourOwn } from './workload/read-your-own.js';
import { Record } from './workload/record.js';
import { Sender } from './workload/sender.js';

export interface CrashRunOptions {
  /** Where the shops keep what they know. */
  readonly ground: Ground;
  readonly services: Services;
  readonly kills: number;
  readonly seed: number;
  readonly defect: Defect | undefined;
  readonly onKill: (kills: number) => void;
}

/** What is left when the shops have stopped. */
export interface Aftermath {
  readonly tally: Tally;
  readonly record: Record;
  /** What was seen while they ran. */
  readonly findings: readonly Finding[];
  /** How many steps of the schema the file must have seen. */
  readonly migrations: number;
}

const customers = 4;

/** Lets customers shop at two shops on one database while these are killed again and again. */
export async function crashRun(options: CrashRunOptions): Promise<Aftermath> {
  const { ground, services, kills, seed, defect, onKill } = options;
  const random = new Random(seed);
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  const [record, tally] = [new Record(), new Tally()];
  const shops = new Shops({
    environment: { ...services.environment, ...ground.environment },
    defect,
    onFinding,
  });
  await shops.start();
  const common = { shops, record, onFinding };

  const closing = new AbortController();
  const busy = [
    new Onlooker({ ...common, random: random.fork() }).look(closing.signal),
    ...Array.from({ length: customers }, (_, index) => {
      const sender = new Sender({ ...common, random: random.fork() });
      const readYourOwn = new ReadYourOwn({ ...common, random: random.fork() });
      const customerId = `customer-${index + 1}`;
      return new Customer({ ...common, customerId, random: random.fork(), sender, readYourOwn }).shop(
        closing.signal,
      );
    }),
  ];
  const failed = Promise.all(busy).then(() => new Promise<never>(() => {}));

  const [plan, blows] = [
    new Plan(random.fork()),
    new Blows(shops, new Operator(shops, random.fork()), tally),
  ];
  try {
    while (tally.kills < kills || tally.isShortOfCommands) {
      const blow = plan.next({ inCommand: tally.isShortOfCommands });
      await Promise.race([blows.deal(blow), failed]);
      onKill(tally.kills);
    }
  } finally {
    closing.abort();
  }
  await Promise.all(busy);
  for (const slot of [0, 1] as const) await stopInOrder(shops, slot);
  return { tally, record, findings, migrations: shops.migrations };
}

async function stopInOrder(shops: Shops, slot: 0 | 1): Promise<void> {
  const shop = shops.of(slot);
  const { code, signal } = await shop.stop();
  if (code !== 0) throw new Error(`A shop did not stop in order (${signal ?? code}): ${shop.output}`);
}
