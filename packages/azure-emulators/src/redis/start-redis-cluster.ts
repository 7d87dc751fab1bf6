import { freePort } from './free-port.js';
import { askRedis, untilRedisSays } from './redis-commands.js';
import type { RedisProgram } from './redis-program.js';
import { type RedisOptions, type RunningRedis, startRedis } from './start-redis.js';

const slots = 16_384;

export interface RedisClusterOptions extends Pick<RedisOptions, 'settings'> {
  /** How many nodes share the slots. Default 3. */
  readonly primaries?: number;
  /** How many nodes follow each of them. Default 0. */
  readonly replicas?: number;
}

export interface RunningRedisCluster {
  /** The primaries, then the replicas of each in turn. */
  readonly nodes: readonly RunningRedis[];
  stop(): Promise<void>;
}

/** Starts a Redis cluster on 127.0.0.1. Resolves when it answers for all slots. */
export async function startRedisCluster(
  program: RedisProgram,
  { primaries = 3, replicas = 0, settings = {} }: RedisClusterOptions = {},
): Promise<RunningRedisCluster> {
  const count = primaries * (1 + replicas);
  const started = await Promise.allSettled(Array.from({ length: count }, () => startNode(program, settings)));
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    await join(nodes, primaries);
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Node extends RunningRedis {
  readonly busPort: number;
}

async function startNode(program: RedisProgram, settings: Readonly<Record<string, string>>): Promise<Node> {
  const busPort = await freePort();
  const cluster = { 'cluster-enabled': 'yes', 'cluster-port': `${busPort}`, 'cluster-node-timeout': '1000' };
  return { ...(await startRedis(program, { settings: { ...cluster, ...settings } })), busPort };
}

async function join(nodes: readonly Node[], primaries: number): Promise<void> {
  const first = nodes[0]!;
  for (const [at, { port }] of nodes.entries()) {
    await askRedis(port, `CLUSTER SET-CONFIG-EPOCH ${at + 1}`);
    if (at > 0) await askRedis(port, `CLUSTER MEET 127.0.0.1 ${first.port} ${first.busPort}`);
    if (at >= primaries) continue;
    const from = Math.ceil((at * slots) / primaries);
    const to = Math.ceil(((at + 1) * slots) / primaries) - 1;
    await askRedis(port, `CLUSTER ADDSLOTSRANGE ${from} ${to}`);
  }
  for (const { port } of nodes)
    await untilRedisSays(port, 'CLUSTER INFO', `cluster_known_nodes:${nodes.length}`);
  for (const [at, { port }] of nodes.entries())
    if (at >= primaries) await replicate(port, nodes[at % primaries]!.port);
  for (const { port } of nodes) await untilRedisSays(port, 'CLUSTER INFO', 'cluster_state:ok');
}

async function replicate(port: number, primary: number): Promise<void> {
  const id = (await askRedis(primary, 'CLUSTER MYID')).split('\r\n')[1];
  await askRedis(port, `CLUSTER REPLICATE ${id}`);
  await untilRedisSays(port, 'INFO replication', 'master_link_status:up');
}
