import { Deadlines } from '../clock/deadlines.js';
import { systemClock } from '../clock/system-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { listen } from '../sockets/listen.js';
import { Account } from './account/account.js';
import { OperationCounter } from './charges/operation-counts.js';
import { Throughput } from './charges/throughput.js';
import type { CosmosConfig, CosmosOptions, RunningCosmos } from './cosmos-options.js';
import { cosmosServer } from './http/cosmos-server.js';

const standardKey = 'Q09TTU9TX0VNVUxBVE9SX0tFWQ==';

/** Starts a Cosmos DB emulator on 127.0.0.1. Throws when the config has a fault or the port is taken. */
export async function startCosmos(options: CosmosOptions = {}): Promise<RunningCosmos> {
  const { clock = systemClock, faults = new FaultPlan(), key = standardKey, checksAccess = true } = options;
  const deadlines = new Deadlines(clock);
  const lag = { inMs: options.replicationLagInMs ?? 0 };
  const account = new Account({ clock, deadlines, lag });
  applyConfig(account, options.config ?? {});
  const throughput = new Throughput(options.throughput ?? {}, clock);
  const counter = new OperationCounter();
  const surroundings = { clock, faults, account, throughput, counter };
  const server = await listen(
    options.port ?? 0,
    cosmosServer({ surroundings, key: checksAccess ? key : undefined }),
  );
  const endpoint = `http://127.0.0.1:${server.port}/`;
  return {
    endpoint,
    key,
    connectionString: `AccountEndpoint=${endpoint};AccountKey=${key};`,
    port: server.port,
    operations: (container) => counter.of(container),
    lagBy: (milliseconds) => {
      lag.inMs = milliseconds;
    },
    throttle: ({ durationInMs, retryAfterInMs = 10 }) => throughput.refuseFor(durationInMs, retryAfterInMs),
    cutConnections: () => server.cutConnections(),
    async stop() {
      deadlines.stop();
      await server.stop();
    },
  };
}

function applyConfig(account: Account, { databases = [] }: CosmosConfig): void {
  for (const { id, containers = [] } of databases) {
    account.createDatabase({ id }, undefined);
    for (const container of containers) account.createContainer(id, container, undefined);
  }
}
