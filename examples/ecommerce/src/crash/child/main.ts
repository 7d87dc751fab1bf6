// The shop as a process that can be made to die at a step. Its parent says where, over IPC or in the environment.
import { runShop } from '../../run-shop.js';
import { shopOptions } from '../../shop-options.js';
import { type Defect, defectNames } from '../defects/defect.js';
import { type FuseSetting, type Told, variables } from '../step.js';
import { fragileBrokers } from './fragile-brokers.js';
import { fragileReadModels } from './fragile-read-models.js';
import { fragileStorage } from './fragile-storage.js';
import { Fuse } from './fuse.js';
import { StaleOwnerWatch } from './stale-owner-watch.js';

const tell = (told: Told) => void process.send?.(told);
const watch = new StaleOwnerWatch((what) => tell({ kind: 'seen', what }));
const fuse = new Fuse({
  onStalled: () => {
    watch.begin();
    tell({ kind: 'stalled' });
  },
});
const {
  [variables.fuse]: atStart,
  [variables.defect]: named,
  [variables.migrations]: migrations,
} = process.env;
if (atStart !== undefined) fuse.set(JSON.parse(atStart) as FuseSetting);
process.on('message', ({ setting }: { setting?: FuseSetting }) => fuse.set(setting));

const ended = new AbortController();
process.once('SIGTERM', () => ended.abort());
// Without its parent nobody would end it.
const orphaned = () => process.exit(1);
process.once('disconnect', orphaned);

const stdout = { write: (url: string) => tell({ kind: 'ready', url: url.trim() }) };
await runShop(
  shopOptions(process.argv.slice(2), process.env),
  { stdout, stderr: process.stderr, ended: ended.signal },
  {
    openStorage: ({ data, sql }) =>
      fragileStorage({
        folder: data!,
        sql,
        fuse,
        watch,
        defect: defectNames.find((name): name is Defect => name === named),
        migrations: Number(migrations ?? 0),
      }),
    openBrokers: (options) => fragileBrokers(options, fuse),
    openReadModels: (options, storage) => fragileReadModels(options, storage, fuse),
    // Whoever is killed gives nothing back: others need not wait for long.
    subscriptions: { leaseInMs: 700, pollInMs: 100 },
  },
);
process.off('disconnect', orphaned);
process.disconnect();
