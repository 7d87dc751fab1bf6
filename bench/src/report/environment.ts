import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** Where the numbers come from; without it they mean nothing to a reader. */
export interface Environment {
  readonly time: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Of the last minute, before the run. Above the number of cores, ratios are still fair and their ranges wide. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

const compared = [
  '@diptych/core',
  '@nestjs/cqrs',
  '@nestjs/core',
  'mediatr-ts',
  '@event-driven-io/emmett',
  'zod',
] as const;

export function environment(): Environment {
  return {
    time: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    load: Math.round(loadavg()[0]! * 100) / 100,
    versions: Object.fromEntries(compared.map((name) => [name, versionOf(name)])),
  };
}

/** Read from the file, because some packages do not export their `package.json`. */
function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string })
        .version;
    } catch {
      // not in this folder: the next one up
    }
  }
  return 'unknown';
}
