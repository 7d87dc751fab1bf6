import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Namespace } from '../entities/namespace.js';
import type { Changes } from './changes.js';
import { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.js';

/** How long a change may wait before it is written down, in milliseconds of real time. */
const writtenWithinMs = 1_000;

/**
 * Keeps what a broker holds in a file: written as a whole, at most once a second and at the end. A process that is
 * killed loses what changed in the last second.
 */
export class SnapshotFile implements Changes {
  private namespace: Namespace | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly path: string) {}

  /** Brings back what the file has. Answers whether there was one. Throws when it cannot be read. */
  open(namespace: Namespace): boolean {
    const found = existsSync(this.path);
    if (found) restoreSnapshot(namespace, this.read());
    this.namespace = namespace;
    return found;
  }

  changed(): void {
    if (this.namespace === undefined) return;
    this.timer ??= setTimeout(() => this.write(), writtenWithinMs).unref();
  }

  close(): void {
    this.write();
    this.namespace = undefined;
  }

  private read(): Snapshot {
    try {
      const snapshot = JSON.parse(readFileSync(this.path, 'utf8')) as Snapshot;
      if (snapshot.version === 1) return snapshot;
    } catch (error) {
      throw new Error(`The file ${this.path} cannot be read: ${(error as Error).message}`, { cause: error });
    }
    throw new Error(`The file ${this.path} was not written by this emulator, or by a newer one.`);
  }

  /** Beside the old one first, so that there is a whole one at any time. */
  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.namespace === undefined) return;
    writeFileSync(`${this.path}.new`, JSON.stringify(takeSnapshot(this.namespace)));
    renameSync(`${this.path}.new`, this.path);
  }
}
