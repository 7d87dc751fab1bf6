import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { boundToUs, runWhileWeLive } from './bound-process.js';
import { freePort } from './free-port.js';
import type { RedisProgram } from './redis-program.js';

export interface RedisOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Settings as in `redis.conf`: `{ maxmemory: '2mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files of a certificate, its key and whoever signed it: then clients connect by TLS alone. */
  readonly tls?: RedisTlsFiles;
}

export interface RedisTlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** A Redis in a process of its own, which keeps nothing. It ends with the process that started it, however that ends. */
export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Of the server, to be held up (`SIGSTOP`) or killed. */
  readonly pid: number;
  /** At once: the server has no time to say good-bye. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis on 127.0.0.1.
 * @throws Error with what the server said when it ended at once.
 */
export async function startRedis(program: RedisProgram, options: RedisOptions = {}): Promise<RunningRedis> {
  // Between asking for a free port and listening there another one may take it.
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await startOn(port, program, options);
    } catch (error) {
      const isTaken = /Address already in use/.test(String(error));
      if (!isTaken || options.port !== undefined || attempt === 10) throw error;
    }
  }
}

async function startOn(port: number, program: RedisProgram, options: RedisOptions): Promise<RunningRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-redis-'));
  const server = runWhileWeLive(boundToUs(program, argumentsOf(port, folder, options), folder));
  const ended = once(server, 'exit').finally(() => rm(folder, { recursive: true, force: true }));
  await ready(server, ended);
  return {
    url: `${options.tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    port,
    pid: server.pid!,
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

function argumentsOf(port: number, folder: string, { settings = {}, tls }: RedisOptions): readonly string[] {
  const ports =
    tls === undefined ? { port: `${port}` } : { port: '0', 'tls-port': `${port}`, ...tlsSettings(tls) };
  const all = {
    bind: '127.0.0.1',
    ...ports,
    dir: folder,
    save: '',
    appendonly: 'no',
    'repl-diskless-sync-delay': '0',
    'repl-diskless-load': 'swapdb',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
}

function tlsSettings({ certificate, key, authority }: RedisTlsFiles) {
  return {
    'tls-cert-file': certificate,
    'tls-key-file': key,
    'tls-ca-cert-file': authority,
    'tls-auth-clients': 'no',
  };
}

async function ready(server: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const said: string[] = [];
  const isReady = new Promise<true>((resolve) => {
    createInterface({ input: server.stdout! }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve(true);
      if (said.length < 50) said.push(line);
    });
  });
  if ((await Promise.race([isReady, ended])) !== true)
    throw new Error(`Redis did not start: ${said.join('\n')}`);
}
