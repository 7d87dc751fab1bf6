import { ProgrammingError } from '@diptych/core';
import { Cluster, type Redis, type RedisOptions } from 'ioredis';

interface Fault {
  readonly setting: string;
  readonly why: string;
}

/**
 * Whether a client's settings let a command end in a stated time, in its order, and once. What is sent again by itself
 * may be done twice, and what waits in a queue for a connection comes late or never.
 * @throws ProgrammingError `redis-settings` with all that does not fit.
 */
export function assertFitting(client: Redis | Cluster): void {
  const faults = client instanceof Cluster ? faultsOfCluster(client) : faultsOf(client.options, '');
  if (client.options.keyPrefix) {
    faults.push({
      setting: 'keyPrefix',
      why: 'must not be set: scripts do not get it everywhere. Give `prefix`',
    });
  }
  if (faults.length === 0) return;
  throw new ProgrammingError(
    'redis-settings',
    `The Redis client does not fit: ${faults.map(({ setting, why }) => `${setting} ${why}`).join('; ')}.`,
    { settings: faults.map(({ setting }) => setting) },
  );
}

function faultsOfCluster({ options }: Cluster): Fault[] {
  const { redisOptions = {}, clusterNodeRetryStrategy } = options;
  const resends =
    typeof clusterNodeRetryStrategy === 'function' || redisOptions.autoResendUnfulfilledCommands;
  const nodes = { ...redisOptions, enableOfflineQueue: options.enableOfflineQueue };
  const faults = faultsOf(
    { ...nodes, autoResendUnfulfilledCommands: resends ? nodes.autoResendUnfulfilledCommands : false },
    'redisOptions.',
  );
  if ((options.retryDelayOnFailover ?? 0) > 0) {
    faults.push({
      setting: 'retryDelayOnFailover',
      why: 'must be 0: a command whose connection was lost is sent again, to any node',
    });
  }
  if (typeof options.scaleReads === 'function' || options.scaleReads !== 'master') {
    faults.push({ setting: 'scaleReads', why: "must be 'master': replicas lag behind" });
  }
  return faults;
}

function faultsOf(options: Partial<RedisOptions>, prefix: '' | 'redisOptions.'): Fault[] {
  const faults: Fault[] = [];
  const fault = (setting: string, why: string) => faults.push({ setting, why });
  if (!(Number(options.commandTimeout) > 0)) {
    fault(`${prefix}commandTimeout`, 'must be set: a command that gets no answer waits for ever');
  }
  if (options.maxRetriesPerRequest === null) {
    fault(`${prefix}maxRetriesPerRequest`, 'must be a number: a command waits for ever for a connection');
  }
  if (options.autoResendUnfulfilledCommands !== false) {
    fault(`${prefix}autoResendUnfulfilledCommands`, 'must be false: what was sent already may be done twice');
  }
  if (options.enableOfflineQueue !== false) {
    fault(
      'enableOfflineQueue',
      'must be false: commands wait for a connection, and are sent when nobody waits for them',
    );
  }
  if (options.readOnly === true) fault(`${prefix}readOnly`, 'must be false: it is written to');
  return faults;
}
