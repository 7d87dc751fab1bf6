import { Deadlines } from '../clock/deadlines.js';
import { systemClock } from '../clock/system-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { byProtocol } from '../sockets/by-protocol.js';
import { listen } from '../sockets/listen.js';
import { SharedAccessKeys } from './access/shared-access-keys.js';
import { administrationServer } from './administration/administration-server.js';
import { amqpServer } from './amqp/amqp-server.js';
import { applyConfig } from './config/apply-config.js';
import { Namespace } from './entities/namespace.js';
import type { RunningServiceBus, ServiceBusOptions } from './service-bus-options.js';
import { unwatched } from './storage/changes.js';
import { SnapshotFile } from './storage/snapshot-file.js';

const standardKeys = [{ name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' }];

/** Starts a Service Bus emulator on 127.0.0.1. Throws when the config has a fault or the port is taken. */
export async function startServiceBus(options: ServiceBusOptions = {}): Promise<RunningServiceBus> {
  const { clock = systemClock, faults = new FaultPlan(), keys = standardKeys } = options;
  const deadlines = new Deadlines(clock);
  const file = options.file === undefined ? undefined : new SnapshotFile(options.file);
  const namespace = new Namespace({ clock, deadlines, changes: file ?? unwatched });
  const isRestored = file?.open(namespace) === true;
  if (options.config !== undefined && !isRestored) applyConfig(namespace, options.config);
  const accessKeys = new SharedAccessKeys(keys);
  const amqp = amqpServer({ namespace, keys: accessKeys, faults });
  const http = administrationServer(namespace, accessKeys);
  const server = await listen(options.port ?? 0, byProtocol(amqp, http));
  const [{ name, key }] = keys as [(typeof keys)[number]];
  return {
    connectionString: `Endpoint=sb://127.0.0.1:${server.port};SharedAccessKeyName=${name};SharedAccessKey=${key};UseDevelopmentEmulator=true;`,
    port: server.port,
    get bytes() {
      return server.bytes;
    },
    cutConnections: () => server.cutConnections(),
    async stop() {
      await server.stop();
      file?.close();
      deadlines.stop();
    },
  };
}
